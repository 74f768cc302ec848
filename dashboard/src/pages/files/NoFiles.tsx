import { CloudUpload, Folders, SearchX, Upload } from "lucide-react";
import { useFolders } from "@/api/files";
import { useWorkspace } from "@/shell/workspace";
import { Button, ButtonLink, Card, EmptyState } from "@/ui";
import type { FileView } from "./useFileView";

type NoFilesProps = { view: FileView; project: string; onUpload: (() => void) | undefined };

export function NoFiles({ view, project, onUpload }: NoFilesProps) {
  const { id } = useWorkspace();
  const below = useFolders(id, project, view.folder, view.folder !== "").data;
  if (view.search || view.category) {
    return (
      <Card>
        <EmptyState
          icon={SearchX}
          title="Nothing found"
          action={<Button onClick={view.clear}>Clear the search</Button>}
        >
          No file {view.folder ? "in this folder " : ""}has this name or kind.
        </EmptyState>
      </Card>
    );
  }
  if (below?.length) {
    return (
      <Card>
        <div data-folders-alone>
          <EmptyState icon={Folders} title="No files right in this folder">
            All of them are in its subfolders.
          </EmptyState>
        </div>
      </Card>
    );
  }
  return (
    <Card>
      <EmptyState
        icon={CloudUpload}
        title={view.folder ? "No files in this folder" : "No files yet"}
        action={
          <>
            {onUpload && (
              <Button icon={Upload} onClick={onUpload}>
                Choose files
              </Button>
            )}
            {!view.folder && (
              <ButtonLink variant="quiet" to={`/w/${id}/p/${project}/integrate`}>
                Upload from your app
              </ButtonLink>
            )}
          </>
        }
      >
        {onUpload
          ? "Drop files anywhere on this page, or paste a picture. What your app uploads appears here by itself."
          : "What your app uploads appears here by itself."}
      </EmptyState>
    </Card>
  );
}
