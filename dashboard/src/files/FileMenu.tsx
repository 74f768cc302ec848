import { Copy, Download, Ellipsis, Eye, EyeOff, FolderInput, Link2, PencilLine, Trash2 } from "lucide-react";
import { useState } from "react";
import type { FileInfo } from "@/api/wire";
import { IconButton, Menu, MenuItem, MenuLine } from "@/ui";
import type { FileActions } from "./useFileActions";

/** Everything that can be done with one file. */
export function FileMenu({ file, actions }: { file: FileInfo; actions: FileActions }) {
  // A list has hundreds of these: the entries are made when somebody comes near.
  const [near, setNear] = useState(false);
  const ask = (kind: Parameters<FileActions["ask"]>[0]) => () => actions.ask(kind, [file]);
  const come = () => setNear(true);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only notices that the button inside is about to be used
    <span onPointerEnter={come} onPointerDown={come} onFocus={come}>
      <Menu
        label={`Actions for ${file.name}`}
        trigger={(props) => <IconButton icon={Ellipsis} label={`Actions for ${file.name}`} size="small" {...props} />}
      >
        {near && (
          <>
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
                <MenuItem icon={Link2} onSelect={ask("link")}>
                  Make a signed link
                </MenuItem>
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
          </>
        )}
      </Menu>
    </span>
  );
}
