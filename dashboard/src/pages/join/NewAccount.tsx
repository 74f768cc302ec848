import { Link } from "react-router";
import { emailFault, nameFault, PASSWORD_HINT, passwordFault } from "@/lib/account";
import { useFields } from "@/lib/useFields";
import { AuthForm } from "@/shell/AuthPage";
import { Button, Field, Input, PasswordInput } from "@/ui";

type NewAccountProps = {
  /** The only address that may join. */
  only: string | null;
  token: string;
  busy: boolean;
  onJoin: (account: { email: string; name: string; password: string }) => void;
};

export function NewAccount({ only, token, busy, onJoin }: NewAccountProps) {
  const { values, control, fault, ready } = useFields({ name: "", email: only ?? "", password: "" }, (texts) => ({
    name: nameFault(texts.name),
    email: emailFault(texts.email),
    password: passwordFault(texts.password),
  }));
  return (
    <AuthForm onSubmit={() => ready() && onJoin(values)}>
      <Field label="Your name" error={fault("name")}>
        <Input {...control("name")} autoComplete="name" autoFocus />
      </Field>
      <Field
        label="E-mail"
        error={fault("email")}
        hint={only === null ? "For signing in. Nothing is sent to it." : "The invitation is for this address."}
      >
        <Input {...control("email")} type="email" autoComplete="username" readOnly={only !== null} />
      </Field>
      <Field label="Password" error={fault("password")} hint={PASSWORD_HINT}>
        <PasswordInput {...control("password")} autoComplete="new-password" />
      </Field>
      <Button type="submit" variant="primary" wide busy={busy}>
        Make account and join
      </Button>
      <p>
        You have an account?{" "}
        <Link to="/sign-in" state={{ next: `/join#token=${token}` }}>
          Sign in
        </Link>
      </p>
    </AuthForm>
  );
}
