import { Link, useNavigate } from "react-router";
import { useSetup, useSetupNeeded } from "@/api/account";
import { errorText } from "@/api/error";
import { emailFault, nameFault, PASSWORD_HINT, passwordFault } from "@/lib/account";
import { useFields } from "@/lib/useFields";
import { useHashToken } from "@/lib/useHashToken";
import { AuthForm, AuthPage } from "@/shell/AuthPage";
import { Button, Field, Input, Notice, PasswordInput } from "@/ui";

export default function SetupPage() {
  const token = useHashToken();
  const needed = useSetupNeeded();
  if (needed.data?.needed === false) {
    return (
      <AuthPage title="Reupload is set up" description="The first account exists already.">
        <p>
          <Link to="/sign-in">Sign in</Link>, or ask for an invitation.
        </p>
      </AuthPage>
    );
  }
  if (token === undefined) {
    return (
      <AuthPage title="Set up Reupload" description="The first account is made with a link that only the server knows.">
        <Notice>Look at the server’s output: it prints the link at each start until the first account exists.</Notice>
      </AuthPage>
    );
  }
  return <SetupForm token={token} />;
}

function SetupForm({ token }: { token: string }) {
  const setup = useSetup();
  const navigate = useNavigate();
  const { values, control, fault, ready } = useFields(
    { name: "", email: "", password: "", workspace: "" },
    (texts) => ({
      name: nameFault(texts.name),
      email: emailFault(texts.email),
      password: passwordFault(texts.password),
      workspace: nameFault(texts.workspace),
    }),
  );
  const send = () => {
    if (ready()) setup.mutate({ token, ...values }, { onSuccess: () => navigate("/", { replace: true }) });
  };
  return (
    <AuthPage
      title="Set up Reupload"
      description="Make the first account. It keeps this server, and owns its first workspace."
    >
      {setup.error && <Notice tone="red">{errorText(setup.error)}</Notice>}
      <AuthForm onSubmit={send}>
        <Field label="Your name" error={fault("name")}>
          <Input {...control("name")} autoComplete="name" autoFocus />
        </Field>
        <Field label="E-mail" error={fault("email")} hint="For signing in. Nothing is sent to it.">
          <Input {...control("email")} type="email" autoComplete="username" />
        </Field>
        <Field label="Password" error={fault("password")} hint={PASSWORD_HINT}>
          <PasswordInput {...control("password")} autoComplete="new-password" />
        </Field>
        <Field label="Workspace" error={fault("workspace")} hint="Your company or team. It can be renamed.">
          <Input {...control("workspace")} autoComplete="organization" />
        </Field>
        <Button type="submit" variant="primary" wide busy={setup.isPending}>
          Make account
        </Button>
      </AuthForm>
    </AuthPage>
  );
}
