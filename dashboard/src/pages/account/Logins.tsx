import { Monitor, Smartphone } from "lucide-react";
import { useState } from "react";
import { type Login, useEndLogin, useLogins, useSignOutElsewhere } from "@/api/account";
import { errorText } from "@/api/error";
import { browserName } from "@/lib/browserName";
import { Badge, Button, Card, ConfirmDialog, ErrorState, SkeletonText, Time, useToast } from "@/ui";
import styles from "./account.module.css";

export function Logins() {
  const logins = useLogins();
  const elsewhere = useSignOutElsewhere();
  const toast = useToast();
  const [asking, setAsking] = useState(false);
  const list = logins.data?.logins;
  return (
    <Card
      title="Signed-in browsers"
      description="End what you do not know, and change your password then."
      actions={
        list &&
        list.length > 1 && (
          <Button size="small" onClick={() => setAsking(true)}>
            Sign out everywhere else
          </Button>
        )
      }
    >
      {logins.isError ? (
        <ErrorState error={logins.error} onRetry={() => logins.refetch()} />
      ) : list ? (
        <ul className={styles.logins}>
          {list.map((login) => (
            <One key={login.id} login={login} />
          ))}
        </ul>
      ) : (
        <SkeletonText lines={2} />
      )}
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        title="Sign out everywhere else?"
        action="Sign out"
        onConfirm={async () => {
          await elsewhere.mutateAsync();
          toast("You are signed in only here now");
        }}
      >
        All browsers but this one have to sign in again.
      </ConfirmDialog>
    </Card>
  );
}

function One({ login }: { login: Login }) {
  const end = useEndLogin();
  const toast = useToast();
  const name = browserName(login.userAgent);
  const Icon = /iPhone|iPad|Android/.test(name) ? Smartphone : Monitor;
  return (
    <li className={styles.login}>
      <Icon size={18} strokeWidth={1.5} aria-hidden />
      <div className={styles.words}>
        <span className={styles.name} title={login.userAgent}>
          {name} {login.isCurrent && <Badge tone="green">This browser</Badge>}
        </span>
        <span className={styles.times}>
          Last seen <Time at={login.lastSeenAt} />, signed in <Time at={login.createdAt} />
        </span>
      </div>
      {!login.isCurrent && (
        <Button
          size="small"
          aria-label={`Sign out ${name}`}
          busy={end.isPending}
          onClick={() =>
            end.mutate(login.id, {
              onSuccess: () => toast(`${name} is signed out`),
              onError: (error) => toast(errorText(error), { tone: "error" }),
            })
          }
        >
          Sign out
        </Button>
      )}
    </li>
  );
}
