import { useState } from "react";
import type { Role } from "@/api/account";
import { useInvite } from "@/api/members";
import { emailFault } from "@/lib/account";
import { useFields } from "@/lib/useFields";
import { useWorkspace } from "@/shell/workspace";
import { Button, Checkbox, Choices, CopyButton, Dialog, Field, FormDialog, Input } from "@/ui";
import { givable, ROLE_HINTS, ROLE_NAMES } from "./roles";

export function InviteDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  return open ? <Inviting onClose={onClose} /> : null;
}

function Inviting({ onClose }: { onClose: () => void }) {
  const workspace = useWorkspace();
  const invite = useInvite(workspace.id);
  const [role, setRole] = useState<Role>("member");
  const { values, control, fault, ready } = useFields({ email: "" }, ({ email }) => ({
    email: email.trim() ? emailFault(email) : undefined,
  }));
  if (invite.data) return <Invited url={invite.data.url} email={invite.data.invitation.email} onClose={onClose} />;
  const send = () => {
    if (ready()) invite.mutate({ role, ...(values.email.trim() ? { email: values.email } : {}) });
  };
  return (
    <FormDialog
      onClose={onClose}
      title={`Invite to ${workspace.name}`}
      busy={invite.isPending}
      onSubmit={send}
      action="Make link"
      error={invite.error}
    >
      <Field
        label="E-mail"
        optional
        error={fault("email")}
        hint="Then only this account can use the link. Nothing is sent: you hand the link on."
      >
        <Input {...control("email")} type="email" autoComplete="off" placeholder="ada@example.com" />
      </Field>
      <Choices legend="Role">
        {givable(workspace.role).map((each) => (
          <Checkbox
            key={each}
            radio
            name="role"
            label={ROLE_NAMES[each]}
            hint={ROLE_HINTS[each]}
            checked={each === role}
            onChange={() => setRole(each)}
          />
        ))}
      </Choices>
    </FormDialog>
  );
}

function Invited({ url, email, onClose }: { url: string; email: string | null; onClose: () => void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      title="The link is ready"
      description={`Give it to ${email ?? "one person"}. It works once, for seven days, and is shown only now.`}
      footer={
        <>
          <Button onClick={onClose}>Done</Button>
          <CopyButton value={url} label="Copy link" wide primary />
        </>
      }
    >
      <Field label="Link of the invitation" hideLabel>
        <Input mono readOnly value={url} onFocus={(event) => event.target.select()} />
      </Field>
    </Dialog>
  );
}
