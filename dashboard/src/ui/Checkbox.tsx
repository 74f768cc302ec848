import { type InputHTMLAttributes, type ReactNode, useEffect, useId, useRef } from "react";
import { cx } from "@/lib/cx";
import styles from "./Checkbox.module.css";

type CheckboxProps = Omit<InputHTMLAttributes<HTMLInputElement>, "type"> & {
  label: ReactNode;
  hint?: ReactNode;
  /** The label is for screen readers alone. */
  hideLabel?: boolean;
  /** Some but not all of what it stands for. */
  indeterminate?: boolean;
  /** One of a group of the same `name`. */
  radio?: boolean;
};

export function Checkbox({ label, hint, hideLabel, indeterminate = false, radio, className, ...rest }: CheckboxProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (input.current) input.current.indeterminate = indeterminate;
  }, [indeterminate]);
  return (
    <span className={cx(styles.row, className)}>
      <input
        id={id}
        {...rest}
        ref={input}
        type={radio ? "radio" : "checkbox"}
        className={styles.box}
        aria-describedby={hint ? `${id}-hint` : undefined}
      />
      <span className={hideLabel ? "unseen" : styles.words}>
        <label htmlFor={rest.id ?? id}>{label}</label>
        {hint && (
          <span id={`${id}-hint`} className={styles.hint}>
            {hint}
          </span>
        )}
      </span>
    </span>
  );
}
