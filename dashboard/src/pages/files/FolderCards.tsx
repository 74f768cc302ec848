import { Folder } from "lucide-react";
import { Link } from "react-router";
import { useFolders, useHasMoreFolders } from "@/api/files";
import { folderName } from "@/files/folders";
import { formatNumber } from "@/lib/format";
import { useWorkspace } from "@/shell/workspace";
import styles from "./FolderCards.module.css";
import type { FileView } from "./useFileView";

/** The subfolders above the files, where the window has no room for the tree. */
export function FolderCards({ project, view }: { project: string; view: FileView }) {
  const { id } = useWorkspace();
  const { data } = useFolders(id, project, view.folder);
  const hasMore = useHasMoreFolders(id, project, view.folder);
  if (!data?.length) return null;
  return (
    <ul className={styles.cards} aria-label="Subfolders">
      {data.map(({ folder, files }) => (
        <li key={folder}>
          <Link to={view.folderLink(folder)} className={styles.card}>
            <Folder size={16} strokeWidth={1.75} aria-hidden />
            <span className={styles.name}>{folderName(folder)}</span>
            <span className={styles.count}>{formatNumber(files)}</span>
          </Link>
        </li>
      ))}
      {hasMore && <li className={styles.more}>There are more: the search finds what is in them.</li>}
    </ul>
  );
}
