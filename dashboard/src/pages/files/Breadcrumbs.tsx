import { ChevronRight } from "lucide-react";
import { Link } from "react-router";
import { folderName, trail } from "@/files/folders";
import styles from "./Breadcrumbs.module.css";
import type { FileView } from "./useFileView";

/** The way from the top to the folder that is shown. */
export function Breadcrumbs({ view }: { view: FileView }) {
  if (!view.folder) return null;
  return (
    <nav aria-label="Folder">
      <ol className={styles.trail}>
        <li>
          <Link to={view.folderLink("")}>All files</Link>
        </li>
        {trail(view.folder).map((folder) => (
          <li key={folder}>
            <ChevronRight size={14} aria-hidden />
            {folder === view.folder ? (
              <span aria-current="page">{folderName(folder)}</span>
            ) : (
              <Link to={view.folderLink(folder)}>{folderName(folder)}</Link>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
