import { errorText } from "@/api/error";
import { useRenameWorkspace } from "@/api/workspaces";
import { nameFault } from "@/lib/account";
import { useFields } from "@/lib/useFields";
import { useWorkspace } from "@/shell/workspace";
import { Button, Field, Form, Input, useToast } from "@/ui";

export function NameCard() {
  const workspace = useWorkspace();
  const rename = useRenameWorkspace(workspace.id);
  const toast = useToast();
  const { values, control, fault, ready } = useFields({ name: workspace.name }, ({ name }) => ({
    name: nameFault(name),
  }));
  const mayRename = workspace.can("admin");
  const save = () => {
    if (ready()) rename.mutate(values.name, { onSuccess: () => toast("The name is saved") });
  };
  return (
    <Form
      title="Name"
      onSubmit={save}
      error={rename.error && errorText(rename.error)}
      note={mayRename ? undefined : "Admins and owners change it."}
      button={
        mayRename && (
          <Button type="submit" busy={rename.isPending} disabled={values.name.trim() === workspace.name}>
            Save name
          </Button>
        )
      }
    >
      <Field label="Workspace name" error={fault("name")}>
        <Input {...control("name")} autoComplete="off" readOnly={!mayRename} />
      </Field>
    </Form>
  );
}
