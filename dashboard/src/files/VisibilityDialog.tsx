import { ApiError } from "@/api/error";
import { useUpdateFiles } from "@/api/files";
import { useWorkspace } from "@/shell/workspace";
import { ConfirmDialog, useToast } from "@/ui";
import { type ChangeDialogProps, countFiles, failedText, nameFiles } from "./dialog";

/** Asks before files become public, or stop being so: the first cannot be undone for who has fetched them meanwhile. */
export function VisibilityDialog({ open, files, onClose, onChanged }: ChangeDialogProps) {
  const workspace = useWorkspace();
  const toast = useToast();
  const update = useUpdateFiles(workspace.id);
  // Of mixed files all become public: the other way round is asked for with the public ones alone.
  const isPublic = files.some((file) => !file.isPublic);
  const concerned = files.filter((file) => file.isPublic !== isPublic);

  return (
    <ConfirmDialog
      open={open}
      onClose={onClose}
      title={isPublic ? `Make ${nameFiles(concerned)} public?` : `Make ${nameFiles(concerned)} private?`}
      action={isPublic ? "Make public" : "Make private"}
      harmless
      onConfirm={async () => {
        const outcome = await update.mutateAsync({ files: concerned, change: { isPublic } });
        onChanged(outcome.done);
        const failed = failedText(outcome);
        if (failed) throw new ApiError(0, "PARTLY_DONE", failed);
        toast(`${countFiles(concerned.length)} made ${isPublic ? "public" : "private"}`);
      }}
    >
      {isPublic
        ? "Anybody with the address can then fetch it, without signing in. The address does not end, and caches may keep what was fetched."
        : "The permanent address stops working at once. Copies in caches and browsers may remain for a while. From then on only signed links lead to it."}
    </ConfirmDialog>
  );
}
