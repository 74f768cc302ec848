import { CircleAlert, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { errorText } from "@/api/error";
import { Button } from "./Button";
import styles from "./EmptyState.module.css";

type EmptyStateProps = {
  icon: LucideIcon;
  title: string;
  /** One sentence: what would be here, and how it comes. */
  children?: ReactNode;
  action?: ReactNode;
  /** Where it helps, a `CodeSnippet` below. */
  snippet?: ReactNode;
};

export function EmptyState({ icon: Icon, title, children, action, snippet }: EmptyStateProps) {
  return (
    <div className={styles.empty}>
      <span className={styles.icon}>
        <Icon size={22} strokeWidth={1.5} aria-hidden />
      </span>
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {action && <div className={styles.action}>{action}</div>}
      {snippet && <div className={styles.snippet}>{snippet}</div>}
    </div>
  );
}

/** In place of what could not be loaded: what happened, and a way to try again. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  return (
    <div className={styles.empty} role="alert">
      <span className={styles.icon}>
        <CircleAlert size={22} strokeWidth={1.5} aria-hidden />
      </span>
      <h2>This could not be loaded</h2>
      <p>{errorText(error)}</p>
      {onRetry && (
        <div className={styles.action}>
          <Button onClick={onRetry}>Try again</Button>
        </div>
      )}
    </div>
  );
}
