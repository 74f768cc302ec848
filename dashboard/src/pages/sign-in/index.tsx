import { useEffect, useRef } from "react";
import { Navigate, useLocation } from "react-router";
import { useMe, useSetupNeeded, useSignIn, useSignInLink } from "@/api/account";
import { ApiError, errorText } from "@/api/error";
import { emailFault } from "@/lib/account";
import { useFields } from "@/lib/useFields";
import { useHashToken } from "@/lib/useHashToken";
import { useWait } from "@/lib/useWait";
import { AuthForm, AuthPage } from "@/shell/AuthPage";
import { Loading } from "@/shell/Loading";
import { Button, Field, Input, Notice, PasswordInput } from "@/ui";

export default function SignInPage() {
  const token = useHashToken();
  const me = useMe();
  const next = (useLocation().state as { next?: string } | null)?.next ?? "/";
  const link = useSignInLink();
  const used = useRef<string>(undefined);

  // A link signs in without a further step, and only once: it is worth nothing afterwards.
  const enter = link.mutate;
  useEffect(() => {
    if (token === undefined || used.current === token) return;
    used.current = token;
    enter({ token });
  }, [token, enter]);

  const waiting = token !== undefined && !link.isError && !link.isSuccess;
  if (waiting || me.isPending) return <Loading />;
  if (me.data) return <Navigate to={next} replace />;
  return <SignInForm linkError={link.error} />;
}

function SignInForm({ linkError }: { linkError: unknown }) {
  const setup = useSetupNeeded();
  const signIn = useSignIn();
  const wait = useWait(signIn.error);
  const { values, control, fault, ready } = useFields({ email: "", password: "" }, ({ email, password }) => ({
    email: emailFault(email),
    password: password ? undefined : "Write your password.",
  }));
  return (
    <AuthPage
      title="Sign in to Reupload"
      footer={
        <>
          <p>No account? Ask somebody in the workspace for an invitation.</p>
          <p>Password forgotten? Whoever keeps this server can make a link to set a new one.</p>
        </>
      }
    >
      {setup.data?.needed && (
        <Notice>There is no account yet. Open the set-up link that the server printed when it started.</Notice>
      )}
      {linkError ? (
        <Notice tone="amber">
          {errorText(linkError)}
          {linkError instanceof ApiError && linkError.status > 0 && (
            <>
              {" "}
              On your own machine, <code>reupload dev</code> prints a new one at each start.
            </>
          )}
        </Notice>
      ) : null}
      {signIn.error && <Notice tone="red">{errorText(signIn.error)}</Notice>}
      <AuthForm onSubmit={() => ready() && wait === 0 && signIn.mutate(values)}>
        <Field label="E-mail" error={fault("email")}>
          <Input {...control("email")} type="email" autoComplete="username" autoFocus />
        </Field>
        <Field label="Password" error={fault("password")}>
          <PasswordInput {...control("password")} autoComplete="current-password" />
        </Field>
        <Button type="submit" variant="primary" wide busy={signIn.isPending} disabled={wait > 0}>
          {wait > 0 ? `Wait ${wait} s` : "Sign in"}
        </Button>
      </AuthForm>
    </AuthPage>
  );
}
