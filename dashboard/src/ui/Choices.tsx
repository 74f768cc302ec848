import type { ReactNode } from "react";
import styles from "./Choices.module.css";

type ChoicesProps = {
  legend: string;
  /** What is wrong with what was chosen. */
  error?: string | undefined;
  /** As many columns as fit with at least 240px. */
  beside?: boolean;
  disabled?: boolean | undefined;
  /** `Checkbox`es. */
  children: ReactNode;
};

/** Checkboxes that belong together, below their common name. */
export function Choices({ legend, error, beside, disabled, children }: ChoicesProps) {
  return (
    <fieldset className={styles.choices} disabled={disabled} data-invalid={error ? true : undefined}>
      <legend>{legend}</legend>
      <div className={beside ? styles.beside : styles.below}>{children}</div>
      {error && (
        <p role="alert" className={styles.error}>
          {error}
        </p>
      )}
    </fieldset>
  );
}
