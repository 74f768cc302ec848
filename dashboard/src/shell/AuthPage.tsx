import { type ReactNode, useEffect } from "react";
import { focusFault } from "@/lib/focus";
import styles from "./AuthPage.module.css";

type AuthPageProps = { title: string; description?: ReactNode; footer?: ReactNode; children?: ReactNode };

/** The frame of the pages before sign-in: one card in the middle. */
export function AuthPage({ title, description, footer, children }: AuthPageProps) {
  useEffect(() => {
    document.title = `${title} · Reupload`;
  }, [title]);
  return (
    <main className={styles.page}>
      <div className={styles.column}>
        <img src="/icon.svg" alt="Reupload" width={36} height={36} />
        <div className={styles.words}>
          <h1 tabIndex={-1}>{title}</h1>
          {description && <p>{description}</p>}
        </div>
        {children}
        {footer && <div className={styles.footer}>{footer}</div>}
      </div>
    </main>
  );
}

/** The fields and the one button of such a page. */
export const AuthForm = ({ onSubmit, children }: { onSubmit: () => void; children: ReactNode }) => (
  <form
    className={styles.form}
    noValidate
    onSubmit={(event) => {
      event.preventDefault();
      onSubmit();
      focusFault(event.currentTarget);
    }}
  >
    {children}
  </form>
);
