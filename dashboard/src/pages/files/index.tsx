import { useUploader } from "@reupload/react";
import { Upload } from "lucide-react";
import { useParams } from "react-router";
import { folderName } from "@/files/folders";
import { useWorkspace } from "@/shell/workspace";
import { Button, Page, useToast } from "@/ui";
import { uploads } from "@/uploads/uploads";
import { Breadcrumbs } from "./Breadcrumbs";
import { DropGround } from "./DropGround";
import { FolderCards } from "./FolderCards";
import { FolderMenu } from "./FolderMenu";
import { FolderTree } from "./FolderTree";
import styles from "./files.module.css";
import { Listing } from "./Listing";
import { Toolbar } from "./Toolbar";
import { useFileView } from "./useFileView";

export default function FilesPage() {
  const workspace = useWorkspace();
  const { project = "" } = useParams();
  const view = useFileView();
  const { folder } = view;
  const uploader = useGathering(workspace.id, project, folder);
  const mayUpload = workspace.can("member");

  return (
    <DropGround uploader={uploader} folder={folder}>
      <Page
        title={folder ? folderName(folder) : "Files"}
        width="full"
        actions={
          mayUpload && (
            <>
              <Button variant="primary" icon={Upload} onClick={uploader.open}>
                Upload files
              </Button>
              {folder && <FolderMenu key={folder} project={project} view={view} />}
            </>
          )
        }
      >
        <div className={styles.sides}>
          <div className={styles.aside}>
            <FolderTree project={project} view={view} />
          </div>
          <div className={styles.content}>
            <Breadcrumbs view={view} />
            <Toolbar view={view} />
            <div className={styles.cards}>
              <FolderCards project={project} view={view} />
            </div>
            {/* Another folder is another list: neither files nor a selection stay from the one before. */}
            <Listing
              key={`${project}/${folder}`}
              project={project}
              view={view}
              onUpload={mayUpload ? uploader.open : undefined}
            />
          </div>
        </div>
      </Page>
    </DropGround>
  );
}

/** Takes files that are dropped, pasted or chosen, and hands them to the tray, which goes on when this page is left. */
function useGathering(workspace: string, project: string, folder: string) {
  const { can } = useWorkspace();
  const toast = useToast();
  return useUploader({
    apiUrl: "/api/dashboard",
    disabled: !can("member"),
    paste: "page",
    onBeforeUpload: (file) => {
      uploads.add({ workspace, project, folder }, [file]);
      return false;
    },
    onUploadError: (error, item) => toast(`${item.name}: ${error.message}`, { tone: "error" }),
  });
}
