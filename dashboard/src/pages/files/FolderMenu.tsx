import { Ellipsis, Trash2 } from "lucide-react";
import { useState } from "react";
import { DeleteFolderDialog } from "@/files/DeleteFolderDialog";
import { parentFolder } from "@/files/folders";
import { IconButton, Menu, MenuItem } from "@/ui";
import type { FileView } from "./useFileView";

/** What can be done with the folder that is shown. */
export function FolderMenu({ project, view }: { project: string; view: FileView }) {
  const [deleting, setDeleting] = useState(false);
  return (
    <>
      <Menu
        label="Folder actions"
        trigger={(props) => <IconButton {...props} icon={Ellipsis} label="Folder actions" />}
      >
        <MenuItem icon={Trash2} danger onSelect={() => setDeleting(true)}>
          Delete folder
        </MenuItem>
      </Menu>
      <DeleteFolderDialog
        open={deleting}
        project={project}
        folder={view.folder}
        onClose={() => setDeleting(false)}
        onDeleted={() => view.setFolder(parentFolder(view.folder))}
      />
    </>
  );
}
