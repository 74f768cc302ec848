import { Copy, Download, Ellipsis, Eye, EyeOff, FolderInput, Link2, PencilLine, Trash2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { FileInfo } from "@/api/wire";
import { IconButton, Menu, MenuItem, MenuLine } from "@/ui";
import styles from "./FileMenu.module.css";
import type { FileActions } from "./useFileActions";

type FileMenuProps = { file: FileInfo; actions: FileActions };

/**
 * Everything that can be done with one file. A list draws hundreds of these while it scrolls: until its first press it is a
 * bare button.
 */
export function FileMenu({ file, actions }: FileMenuProps) {
  const [pressed, setPressed] = useState(false);
  const label = `Actions for ${file.name}`;
  // Of a private file a viewer can do nothing.
  if (!actions.mayChange && !actions.mayFetch(file)) return null;
  if (pressed) return <Opened file={file} actions={actions} label={label} />;
  return (
    <button
      type="button"
      className={styles.button}
      aria-label={label}
      aria-haspopup="menu"
      aria-expanded={false}
      title={label}
      onClick={() => setPressed(true)}
      onKeyDown={(event) => {
        if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
        event.preventDefault();
        setPressed(true);
      }}
    >
      <Ellipsis size={16} aria-hidden />
    </button>
  );
}

function Opened({ file, actions, label }: FileMenuProps & { label: string }) {
  const around = useRef<HTMLSpanElement>(null);
  // The press that brought it here was meant to open it.
  useEffect(() => around.current?.querySelector("button")?.click(), []);
  const ask = (kind: Parameters<FileActions["ask"]>[0]) => () => actions.ask(kind, [file]);
  return (
    <span ref={around}>
      <Menu label={label} trigger={(props) => <IconButton icon={Ellipsis} label={label} size="small" {...props} />}>
        <MenuItem icon={Download} onSelect={() => actions.download(file)}>
          Download
        </MenuItem>
        {file.isPublic && (
          <MenuItem icon={Copy} onSelect={() => actions.copyUrl(file)}>
            Copy address
          </MenuItem>
        )}
        {actions.mayChange && (
          <>
            {!file.isPublic && (
              <MenuItem icon={Link2} onSelect={ask("link")}>
                Make a signed link
              </MenuItem>
            )}
            <MenuLine />
            <MenuItem icon={PencilLine} onSelect={ask("rename")}>
              Rename
            </MenuItem>
            <MenuItem icon={FolderInput} onSelect={ask("move")}>
              Move
            </MenuItem>
            <MenuItem icon={file.isPublic ? EyeOff : Eye} onSelect={ask("visibility")}>
              {file.isPublic ? "Make private" : "Make public"}
            </MenuItem>
            <MenuLine />
            <MenuItem icon={Trash2} danger onSelect={ask("delete")}>
              Delete
            </MenuItem>
          </>
        )}
      </Menu>
    </span>
  );
}
