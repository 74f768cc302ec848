import { useNavigate } from "react-router";
import { useCreateWorkspace } from "@/api/workspaces";
import { nameFault } from "@/lib/account";
import { useFields } from "@/lib/useFields";
import { Field, FormDialog, Input } from "@/ui";

/** For operators: another workspace, owned by who makes it. */
export function NewWorkspace({ open, onClose }: { open: boolean; onClose: () => void }) {
  return open ? <Naming onClose={onClose} /> : null;
}

function Naming({ onClose }: { onClose: () => void }) {
  const create = useCreateWorkspace();
  const navigate = useNavigate();
  const { values, control, fault, ready } = useFields({ name: "" }, ({ name }) => ({ name: nameFault(name) }));
  const send = () => {
    if (!ready()) return;
    create.mutate(values.name, {
      onSuccess: ({ id }) => {
        onClose();
        navigate(`/w/${id}`);
      },
    });
  };
  return (
    <FormDialog
      onClose={onClose}
      title="New workspace"
      description="A workspace has its own projects, keys and members."
      busy={create.isPending}
      onSubmit={send}
      action="Create workspace"
      error={create.error}
    >
      <Field label="Name" error={fault("name")}>
        <Input {...control("name")} autoComplete="off" />
      </Field>
    </FormDialog>
  );
}
