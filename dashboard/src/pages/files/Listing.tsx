import { useMemo, useState } from "react";
import { type FileFilter, fetchFiles, fileListKey } from "@/api/files";
import type { FileInfo } from "@/api/wire";
import { isIn } from "@/files/folders";
import { useFileActions } from "@/files/useFileActions";
import { cx } from "@/lib/cx";
import { stillThere } from "@/lib/selection";
import { useKeysetList } from "@/lib/useKeysetList";
import { useWorkspace } from "@/shell/workspace";
import { ErrorState, LoadMore } from "@/ui";
import { FileGrid } from "./FileGrid";
import { FileTable } from "./FileTable";
import styles from "./files.module.css";
import { GridSkeleton } from "./GridSkeleton";
import { NoFiles } from "./NoFiles";
import { SelectionBar } from "./SelectionBar";
import type { FileView } from "./useFileView";

type ListingProps = {
  project: string;
  view: FileView;
  /** Not for viewers. */
  onUpload: (() => void) | undefined;
};

/** The files of a folder, or at the top of all folders, and what can be done with the selected ones. */
export function Listing({ project, view, onUpload }: ListingProps) {
  const workspace = useWorkspace();
  const { folder, wanted, category } = view;
  // A search in a folder looks into what lies below as well.
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
        const now = changed.get(file.id) ?? file;
        return now === file || stays(now) ? now : null;
      });
    },
    onDeleted: (files) => {
      const gone = new Set(files.map(({ id }) => id));
      list.edit((file) => (gone.has(file.id) ? null : file));
    },
  });
  const shared = {
    href: (file: FileInfo) => `/w/${workspace.id}/p/${project}/files/${file.id}`,
    actions,
    selected,
    // Without a right to change anything there is nothing to select for.
    onSelect: actions.mayChange ? setPicked : undefined,
  };

  if (list.error && !list.isStale) return <ErrorState error={list.error} onRetry={list.retry} />;
  if (rows?.length === 0 && !list.isStale) return <NoFiles view={view} project={project} onUpload={onUpload} />;
  return (
    <>
      <div
        className={cx(list.isStale && styles.stale)}
        aria-busy={list.isStale || !rows}
        // What comes will take their place: nobody should act on what goes.
        inert={list.isStale}
        data-count={rows?.length}
      >
        {view.look === "list" ? (
          <FileTable files={rows} hasFolders={!folder || wanted !== ""} {...shared} />
        ) : rows ? (
          <FileGrid files={rows} {...shared} />
        ) : (
          <GridSkeleton />
        )}
        <LoadMore hasMore={list.hasMore} loading={list.isLoadingMore} onLoad={list.loadMore} error={list.moreError} />
      </div>
      <SelectionBar
        files={chosen}
        actions={actions}
        onClear={() => setPicked(new Set())}
        hasMore={list.hasMore}
        onAll={rows && chosen.length < rows.length ? () => setPicked(new Set(rows.map((file) => file.id))) : undefined}
      />
      {actions.dialogs}
    </>
  );
}
