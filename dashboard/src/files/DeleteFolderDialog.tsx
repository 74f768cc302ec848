import { useDeleteFolder, useFolders } from "@/api/files";
import { useWorkspace } from "@/shell/workspace";
import { ConfirmDialog, useToast } from "@/ui";
import { countFiles } from "./dialog";
import { folderName, parentFolder } from "./folders";

type DeleteFolderDialogProps = {
  open: boolean;
  project: string;
  folder: string;
  onClose: () => void;
  onDeleted: () => void;
};

/** Asks before a folder goes with all files in it and below it. Whoever deletes writes its name. */
export function DeleteFolderDialog({ open, project, folder, onClose, onDeleted }: DeleteFolderDialogProps) {
  const workspace = useWorkspace();
  const toast = useToast();
  const remove = useDeleteFolder(workspace.id, project);
  // The count of a folder stands among its parent's folders.
  const beside = useFolders(workspace.id, project, parentFolder(folder), open).data;
  const files = beside?.find((each) => each.folder === folder)?.files;
  const name = folderName(folder);
  return (
    <ConfirmDialog
      open={open}
      onClose={onClose}
      title={`Delete the folder “${name}”?`}
      action={files === undefined ? "Delete folder" : `Delete ${countFiles(files)}`}
      typed={name}
      onConfirm={async () => {
        const deleted = await remove.mutateAsync(folder);
        toast(`${countFiles(deleted)} deleted`);
        onDeleted();
      }}
    >
      {files === undefined ? "All files" : files === 1 ? "The one file" : `All ${countFiles(files)}`} in it and in the
      folders below it {files === 1 ? "goes" : "go"}. Their addresses stop working at once. This cannot be undone.
    </ConfirmDialog>
  );
}
