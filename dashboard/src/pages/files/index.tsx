import { useUploader } from "@reupload/react";
import { Upload } from "lucide-react";
import { useMemo, useState } from "react";
import { useParams } from "react-router";
import { type FileFilter, fetchFiles, fileListKey } from "@/api/files";
import type { FileInfo } from "@/api/wire";
import { folderName, isIn } from "@/files/folders";
import { useFileActions } from "@/files/useFileActions";
import { cx } from "@/lib/cx";
import { stillThere } from "@/lib/selection";
import { useKeysetList } from "@/lib/useKeysetList";
import { useWorkspace } from "@/shell/workspace";
import { Button, ErrorState, LoadMore, Page, useToast } from "@/ui";
import { uploads } from "@/uploads/uploads";
import { Breadcrumbs } from "./Breadcrumbs";
import { DropGround } from "./DropGround";
import { FileGrid } from "./FileGrid";
import { FileTable } from "./FileTable";
import { FolderCards } from "./FolderCards";
import { FolderTree } from "./FolderTree";
import styles from "./files.module.css";
import { GridSkeleton } from "./GridSkeleton";
import { NoFiles } from "./NoFiles";
import { SelectionBar } from "./SelectionBar";
import { Toolbar } from "./Toolbar";
import { useFileView } from "./useFileView";

export default function FilesPage() {
  const workspace = useWorkspace();
  const { project = "" } = useParams();
  const view = useFileView();
  const { folder, wanted, category } = view;
  // At the top the newest of all folders; a search looks into what lies below.
  const filter: FileFilter = {
    project,
    ...(folder ? { folder, recursive: wanted !== "" } : {}),
    ...(wanted ? { search: wanted } : {}),
    ...(category ? { category } : {}),
  };
  const list = useKeysetList<FileInfo>({
    queryKey: fileListKey(workspace.id, filter),
    fetchPage: async (page) => {
      const { files, nextCursor } = await fetchFiles(workspace.id, filter, page);
      return { rows: files, cursor: nextCursor };
    },
  });

  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const rows = list.rows;
  const chosen = useMemo(
    () => (picked.size > 0 ? (rows ?? []).filter(({ id }) => picked.has(id)) : []),
    [rows, picked],
  );
  const selected = useMemo(() => stillThere(picked, chosen), [picked, chosen]);
  const actions = useFileActions({
    onChanged: (files) => {
      const changed = new Map(files.map((file) => [file.id, file]));
      const stays = (file: FileInfo) => !folder || (wanted ? isIn(file.folder, folder) : file.folder === folder);
      list.edit((file) => {
        const now = changed.get(file.id);
        return now ? (stays(now) ? now : null) : file;
      });
    },
    onDeleted: (files) => {
      const gone = new Set(files.map(({ id }) => id));
      list.edit((file) => (gone.has(file.id) ? null : file));
    },
  });

  const uploader = useGathering(workspace.id, project, folder);
  const href = (file: FileInfo) => `/w/${workspace.id}/p/${project}/files/${file.id}`;
  const empty = rows?.length === 0 && !list.isStale;

  return (
    <DropGround uploader={uploader} folder={folder}>
      <Page
        title={folder ? folderName(folder) : "Files"}
        width="full"
        actions={
          actions.mayChange && (
            <Button variant="primary" icon={Upload} onClick={uploader.open}>
              Upload files
            </Button>
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
            {list.error && !list.isStale ? (
              <ErrorState error={list.error} onRetry={list.retry} />
            ) : empty ? (
              <NoFiles view={view} project={project} onUpload={actions.mayChange ? uploader.open : undefined} />
            ) : (
              <div
                className={cx(list.isStale && styles.stale)}
                aria-busy={list.isStale || !rows}
                data-count={rows?.length}
              >
                {view.look === "list" ? (
                  <FileTable
                    files={rows}
                    href={href}
                    actions={actions}
                    hasFolders={!folder || wanted !== ""}
                    selected={selected}
                    onSelect={setPicked}
                  />
                ) : rows ? (
                  <FileGrid files={rows} href={href} actions={actions} selected={selected} onSelect={setPicked} />
                ) : (
                  <GridSkeleton />
                )}
                <LoadMore
                  hasMore={list.hasMore}
                  loading={list.isLoadingMore}
                  onLoad={list.loadMore}
                  error={list.moreError}
                />
              </div>
            )}
            <SelectionBar files={chosen} actions={actions} onClear={() => setPicked(new Set())} />
          </div>
        </div>
        {actions.dialogs}
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
