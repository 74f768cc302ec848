import { useState } from "react";
import { errorText } from "@/api/error";
import { useUpdateFiles } from "@/api/files";
import { useWorkspace } from "@/shell/workspace";
import { Field, FormDialog, Input, useToast } from "@/ui";
import type { ChangeDialogProps } from "./dialog";

export function RenameDialog(props: ChangeDialogProps) {
  const [file] = props.files;
  return props.open && file ? <Renaming {...props} /> : null;
}

function Renaming({ files: [file], onClose, onChanged }: ChangeDialogProps) {
  const workspace = useWorkspace();
  const toast = useToast();
  const update = useUpdateFiles(workspace.id);
  const [name, setName] = useState(file?.name ?? "");
  const [error, setError] = useState<string>();
  if (!file) return null;

  const save = async () => {
    if (name.trim() === "") return setError("A file needs a name.");
    if (name === file.name) return onClose();
    try {
      const { done } = await update.mutateAsync({ files: [file], change: { name } });
      onChanged(done);
      toast("File renamed");
      onClose();
    } catch (failure) {
      setError(errorText(failure));
    }
  };

  return (
    <FormDialog onClose={onClose} title="Rename file" busy={update.isPending} onSubmit={save} action="Rename">
      <Field
        label="Name"
        error={error}
        hint="Addresses made from now on have the new name; those made before still work."
      >
        <Input
          value={name}
          onChange={(event) => {
            setName(event.target.value);
            setError(undefined);
          }}
          onFocus={(event) => {
            // Without the ending, which is seldom what changes.
            const dot = file.name.lastIndexOf(".");
            event.target.setSelectionRange(0, dot > 0 ? dot : file.name.length);
          }}
          data-autofocus
          maxLength={512}
          autoComplete="off"
          spellCheck={false}
        />
      </Field>
    </FormDialog>
  );
}
