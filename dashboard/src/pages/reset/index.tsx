import { useNavigate } from "react-router";
import { useReset } from "@/api/account";
import { errorText } from "@/api/error";
import { PASSWORD_HINT, passwordFault } from "@/lib/account";
import { useFields } from "@/lib/useFields";
import { useHashToken } from "@/lib/useHashToken";
import { AuthForm, AuthPage } from "@/shell/AuthPage";
import { Button, Field, Notice, PasswordInput } from "@/ui";

export default function ResetPage() {
  const token = useHashToken();
  const reset = useReset();
  const navigate = useNavigate();
  const { values, control, fault, ready } = useFields({ password: "" }, ({ password }) => ({
    password: passwordFault(password),
  }));
  if (token === undefined) {
    return (
      <AuthPage title="Set a new password" description="This needs the whole link that you were given.">
        <Notice>Copy the link again, with everything after the #. Whoever keeps this server can make a new one.</Notice>
      </AuthPage>
    );
  }
  const send = () => {
    if (ready()) reset.mutate({ token, ...values }, { onSuccess: () => navigate("/", { replace: true }) });
  };
  return (
    <AuthPage title="Set a new password" description="You are signed in with it here, and signed out everywhere else.">
      {reset.error && <Notice tone="red">{errorText(reset.error)}</Notice>}
      <AuthForm onSubmit={send}>
        <Field label="New password" error={fault("password")} hint={PASSWORD_HINT}>
          <PasswordInput {...control("password")} autoComplete="new-password" autoFocus />
        </Field>
        <Button type="submit" variant="primary" wide busy={reset.isPending}>
          Set password
        </Button>
      </AuthForm>
    </AuthPage>
  );
}
