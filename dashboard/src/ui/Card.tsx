import type { ReactNode } from "react";
import { cx } from "@/lib/cx";
import styles from "./Card.module.css";

type CardProps = {
  title?: string;
  description?: ReactNode;
  /** At the right of the title. */
  actions?: ReactNode;
  /** Below a hairline, on the inset ground: the save button of a form. */
  footer?: ReactNode;
  /** Content up to the frame, as for a table. */
  flush?: boolean;
  /** Says that it destroys. */
  danger?: boolean;
  className?: string;
  children?: ReactNode;
};

export function Card({ title, description, actions, footer, flush, danger, className, children }: CardProps) {
  return (
    <section className={cx(styles.card, danger && styles.danger, className)}>
      {(title || actions) && (
        <header className={cx(styles.head, flush && styles.ruled)}>
          <div className={styles.words}>
            {title && <h2>{title}</h2>}
            {description && <p>{description}</p>}
          </div>
          {actions && <div className={styles.actions}>{actions}</div>}
        </header>
      )}
      {children && <div className={flush ? styles.flush : styles.body}>{children}</div>}
      {footer && <footer className={styles.foot}>{footer}</footer>}
    </section>
  );
}

/** Cards below each other. */
export const CardStack = ({ children }: { children: ReactNode }) => <div className={styles.stack}>{children}</div>;
