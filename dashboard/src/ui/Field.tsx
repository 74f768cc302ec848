import { createContext, type ReactNode, use, useId } from "react";
import { cx } from "@/lib/cx";
import styles from "./Field.module.css";

type FieldState = { id: string; "aria-describedby"?: string; "aria-invalid"?: true; required?: boolean };
const FieldContext = createContext<FieldState | null>(null);

/** What the field around it says of a control: its id, its description, and whether it is wrong. */
export const useField = (): Partial<FieldState> => use(FieldContext) ?? {};

type FieldProps = {
  label: string;
  /** One sentence below the control. */
  hint?: ReactNode;
  /** What is wrong and what to do. Takes the hint's place and is read out. */
  error?: ReactNode;
  required?: boolean;
  /** Says `optional` beside the label. */
  optional?: boolean;
  /** The label is for screen readers alone. */
  hideLabel?: boolean;
  className?: string;
  /** One `Input`, `Textarea` or `Select`; they take id and description from here. */
  children: ReactNode;
};

export function Field({ label, hint, error, required, optional, hideLabel, className, children }: FieldProps) {
  const id = useId();
  const below = error ?? hint;
  const state: FieldState = { id, required };
  if (below) state["aria-describedby"] = `${id}-below`;
  if (error) state["aria-invalid"] = true;
  return (
    <div className={cx(styles.field, className)}>
      <label htmlFor={id} className={cx(styles.label, hideLabel && "unseen")}>
        {label}
        {optional && <span className={styles.optional}>optional</span>}
      </label>
      <FieldContext value={state}>{children}</FieldContext>
      {below && (
        <p id={`${id}-below`} className={error ? styles.error : styles.hint} role={error ? "alert" : undefined}>
          {below}
        </p>
      )}
    </div>
  );
}

/** Fields below each other, with the buttons last. */
export const FieldStack = ({ children }: { children: ReactNode }) => <div className={styles.stack}>{children}</div>;
