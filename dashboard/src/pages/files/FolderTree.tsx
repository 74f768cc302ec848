import { ChevronRight, Folder, FolderOpen, Layers } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { useFolders, useHasMoreFolders } from "@/api/files";
import type { Folder as FolderInfo } from "@/api/wire";
import { folderName, isIn } from "@/files/folders";
import { cx } from "@/lib/cx";
import { formatCompact } from "@/lib/format";
import { useWorkspace } from "@/shell/workspace";
import { IconButton, Skeleton } from "@/ui";
import styles from "./FolderTree.module.css";
import type { FileView } from "./useFileView";

type TreeProps = { project: string; view: FileView };

/** The folders of a project beside its files. A branch is asked for when it is opened. */
export function FolderTree({ project, view }: TreeProps) {
  const { id } = useWorkspace();
  // Without folders there is nothing to choose from.
  const none = useFolders(id, project, "").data?.length === 0;
  if (none && view.folder === "") return null;
  return (
    <nav className={styles.tree} aria-label="Folders">
      <Link
        to={view.folderLink("")}
        className={cx(styles.place, styles.all)}
        aria-current={view.folder === "" ? "page" : undefined}
      >
        <Layers size={16} strokeWidth={1.75} aria-hidden />
        <span className={styles.name}>All files</span>
      </Link>
      <Branch project={project} view={view} parent="" depth={0} />
    </nav>
  );
}

function Branch({ project, view, parent, depth }: TreeProps & { parent: string; depth: number }) {
  const { id } = useWorkspace();
  const folders = useFolders(id, project, parent);
  const hasMore = useHasMoreFolders(id, project, parent);
  if (folders.isPending) return <Skeleton width="60%" height="12px" />;
  return (
    <ul>
      {folders.data?.map((folder) => (
        <Twig key={folder.folder} project={project} view={view} folder={folder} depth={depth} />
      ))}
      {hasMore && <li className={styles.more}>There are more: the search finds what is in them.</li>}
    </ul>
  );
}

/** CSS pixels before a folder: from the fourth one on little, or a deep one has no room for its name. */
const indent = (depth: number): number => Math.min(depth, 3) * 14 + Math.max(0, depth - 3) * 5;

type TwigProps = TreeProps & { folder: FolderInfo; depth: number };

function Twig({ project, view, folder, depth }: TwigProps) {
  const { folder: path, files } = folder;
  const name = folderName(path);
  const holds = isIn(view.folder, path);
  const [open, setOpen] = useState(holds);
  const [held, setHeld] = useState(holds);
  // Going into a folder opens it; closing it by hand afterwards is left alone.
  if (held !== holds) {
    setHeld(holds);
    if (holds) setOpen(true);
  }
  const { id } = useWorkspace();
  // Known only once it has been opened.
  const isLeaf = useFolders(id, project, path, open).data?.length === 0;
  const Icon = open && !isLeaf ? FolderOpen : Folder;
  return (
    <li>
      <div className={styles.line} style={{ paddingLeft: indent(depth) }}>
        <IconButton
          icon={ChevronRight}
          label={open ? `Close ${name}` : `Open ${name}`}
          size="small"
          className={cx(styles.toggle, open && styles.open, isLeaf && styles.leaf)}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        />
        <Link
          to={view.folderLink(path)}
          className={styles.place}
          aria-current={view.folder === path ? "page" : undefined}
          title={path}
        >
          <Icon size={16} strokeWidth={1.75} aria-hidden />
          <span className={styles.name}>{name}</span>
          <span className={styles.count}>{formatCompact(files)}</span>
        </Link>
      </div>
      {open && <Branch project={project} view={view} parent={path} depth={depth + 1} />}
    </li>
  );
}
