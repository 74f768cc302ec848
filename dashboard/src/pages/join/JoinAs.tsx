import { useSignOut } from "@/api/account";
import { errorText } from "@/api/error";
import { Button, Notice } from "@/ui";
import styles from "./join.module.css";

type JoinAsProps = { email: string; only: string | null; busy: boolean; onJoin: () => void };

/** For who is signed in already. */
export function JoinAs({ email, only, busy, onJoin }: JoinAsProps) {
  const signOut = useSignOut();
  const wrong = only !== null && only !== email;
  return (
    <div className={styles.stack}>
      {wrong && (
        <Notice tone="amber">
          The invitation is for {only}, and you are signed in as {email}.
        </Notice>
      )}
      {signOut.error && <Notice tone="red">{errorText(signOut.error)}</Notice>}
      {!wrong && (
        <Button variant="primary" wide busy={busy} onClick={onJoin}>
          Join as {email}
        </Button>
      )}
      <Button wide busy={signOut.isPending} onClick={() => signOut.mutate()}>
        Use another account
      </Button>
    </div>
  );
}
