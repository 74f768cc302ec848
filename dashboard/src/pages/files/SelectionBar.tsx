import { Eye, FolderInput, Trash2, X } from "lucide-react";
import { useEffect, useRef } from "react";
import type { FileInfo } from "@/api/wire";
import { countFiles } from "@/files/dialog";
import type { FileActions } from "@/files/useFileActions";
import { formatBytes } from "@/lib/format";
import { Button, IconButton } from "@/ui";
import styles from "./SelectionBar.module.css";

type SelectionBarProps = {
  files: readonly FileInfo[];
  actions: FileActions;
  onClear: () => void;
  /** Selects all that are listed; without it they are. */
  onAll: (() => void) | undefined;
  /** There are more files than are listed. */
  hasMore: boolean;
};

/** What can be done with all selected files. Stays in sight while the list scrolls. */
export function SelectionBar({ files, actions, onClear, onAll, hasMore }: SelectionBarProps) {
  const bar = useRef<HTMLElement>(null);
  const cross = useRef<HTMLButtonElement>(null);
  const isActive = files.length > 0;
  const leave = () => {
    // The bar goes: whoever is in it stands at the first selected file again.
    if (bar.current?.contains(document.activeElement)) {
      document.querySelector<HTMLElement>("[data-count] input:checked")?.focus({ preventScroll: true });
    }
    onClear();
  };
  const latestLeave = useRef(leave);
  latestLeave.current = leave;
  useEffect(() => {
    if (!isActive) return;
    const onKey = (event: KeyboardEvent) => {
      // Within a dialog or a menu the key is theirs.
      const isTaken = document.querySelector("dialog[open], [popover='auto']:popover-open") !== null;
      if (event.key === "Escape" && !isTaken && !event.defaultPrevented) latestLeave.current();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [isActive]);
  if (files.length === 0) return null;
  const allPublic = files.every((file) => file.isPublic);
  return (
    <section ref={bar} className={styles.bar} aria-label="Selected files">
      <IconButton ref={cross} icon={X} label="Clear selection (Esc)" size="small" onClick={leave} />
      <p className={styles.words} role="status">
        {countFiles(files.length)} selected
        <span className={styles.size}>{formatBytes(files.reduce((sum, file) => sum + file.sizeBytes, 0))}</span>
      </p>
      {onAll && (
        <Button
          size="small"
          variant="quiet"
          onClick={() => {
            onAll();
            // This button goes.
            cross.current?.focus();
          }}
        >
          {hasMore ? "Select all shown" : "Select all"}
        </Button>
      )}
      {actions.mayChange && (
        <div className={styles.actions}>
          <Button size="small" icon={FolderInput} onClick={() => actions.ask("move", files)}>
            Move
          </Button>
          <Button size="small" icon={Eye} onClick={() => actions.ask("visibility", files)}>
            {allPublic ? "Make private" : "Make public"}
          </Button>
          <Button size="small" icon={Trash2} onClick={() => actions.ask("delete", files)}>
            Delete
          </Button>
        </div>
      )}
    </section>
  );
}
