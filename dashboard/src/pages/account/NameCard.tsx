import { useUpdateMe } from "@/api/account";
import { errorText } from "@/api/error";
import { nameFault } from "@/lib/account";
import { useFields } from "@/lib/useFields";
import { useSignedIn } from "@/shell/workspace";
import { Button, Field, Form, Input, useToast } from "@/ui";

export function NameCard() {
  const { user } = useSignedIn();
  const update = useUpdateMe();
  const toast = useToast();
  const { values, control, fault, ready } = useFields({ name: user.name }, ({ name }) => ({ name: nameFault(name) }));
  const save = () => {
    if (ready()) update.mutate({ name: values.name }, { onSuccess: () => toast("Your name is saved") });
  };
  return (
    <Form
      title="Profile"
      onSubmit={save}
      error={update.error && errorText(update.error)}
      button={
        <Button type="submit" busy={update.isPending} disabled={values.name.trim() === user.name}>
          Save name
        </Button>
      }
    >
      <Field label="Name" error={fault("name")} hint="Others in your workspaces see it.">
        <Input {...control("name")} autoComplete="name" maxLength={200} />
      </Field>
      <Field label="E-mail" hint="You sign in with it. Whoever keeps this server can change it.">
        <Input value={user.email} readOnly />
      </Field>
    </Form>
  );
}
