import { useDeleteFiles } from "@/api/files";
import type { FileInfo } from "@/api/wire";
import { formatBytes } from "@/lib/format";
import { useWorkspace } from "@/shell/workspace";
import { ConfirmDialog, useToast } from "@/ui";
import { countFiles, type FileDialogProps, nameFiles } from "./dialog";

type Props = FileDialogProps & { onDeleted: (files: readonly FileInfo[]) => void };

/** From so many on, whoever deletes writes the number. */
const MANY = 20;

export function DeleteDialog({ open, files, onClose, onDeleted }: Props) {
  const workspace = useWorkspace();
  const toast = useToast();
  const remove = useDeleteFiles(workspace.id);
  const bytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  return (
    <ConfirmDialog
      open={open}
      onClose={onClose}
      title={`Delete ${nameFiles(files)}?`}
      action={files.length === 1 ? "Delete file" : `Delete ${countFiles(files.length)}`}
      {...(files.length >= MANY ? { typed: String(files.length) } : {})}
      onConfirm={async () => {
        await remove.mutateAsync(files.map(({ id }) => id));
        onDeleted(files);
        toast(files.length === 1 ? "File deleted" : `${countFiles(files.length)} deleted`);
      }}
    >
      {files.length === 1 ? "Its" : "Their"} addresses stop working at once, and {formatBytes(bytes)} become free. This
      cannot be undone.
    </ConfirmDialog>
  );
}
