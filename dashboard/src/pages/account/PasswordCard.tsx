import { useChangePassword } from "@/api/account";
import { errorText } from "@/api/error";
import { PASSWORD_HINT, passwordFault } from "@/lib/account";
import { useFields } from "@/lib/useFields";
import { useWait } from "@/lib/useWait";
import { useSignedIn } from "@/shell/workspace";
import { Button, Field, Form, PasswordInput, useToast } from "@/ui";

export function PasswordCard() {
  const { user } = useSignedIn();
  const change = useChangePassword();
  const toast = useToast();
  const wait = useWait(change.error);
  const { values, control, fault, ready, reset } = useFields({ current: "", next: "" }, ({ next }) => ({
    current: undefined,
    next: passwordFault(next),
  }));
  const save = () => {
    if (!ready() || wait > 0) return;
    // An account that has been signed in by links alone has no password to give.
    const current = values.current ? { currentPassword: values.current } : {};
    change.mutate(
      { ...current, newPassword: values.next },
      {
        onSuccess: () => {
          reset();
          toast("Your password is changed, and other browsers are signed out");
        },
      },
    );
  };
  return (
    <Form
      title="Password"
      description="A change signs you out in all other browsers."
      onSubmit={save}
      error={change.error && errorText(change.error)}
      button={
        <Button type="submit" busy={change.isPending} disabled={wait > 0 || values.next === ""}>
          {wait > 0 ? `Wait ${wait} s` : "Change password"}
        </Button>
      }
    >
      {/* So that a password manager knows whose password it is. */}
      <input type="hidden" name="username" autoComplete="username" value={user.email} readOnly />
      <Field label="Current password" hint="Leave it empty if you have only signed in by a link so far.">
        <PasswordInput {...control("current")} autoComplete="current-password" />
      </Field>
      <Field label="New password" error={fault("next")} hint={PASSWORD_HINT}>
        <PasswordInput {...control("next")} autoComplete="new-password" />
      </Field>
    </Form>
  );
}
