import { type ReactNode, useId } from "react";
import styles from "./Switch.module.css";

type SwitchProps = {
  label: ReactNode;
  hint?: ReactNode;
  checked: boolean;
  /** A switch takes effect at once; for what is saved with a form use a `Checkbox`. */
  onChange: (checked: boolean) => void;
  disabled?: boolean;
  hideLabel?: boolean;
};

export function Switch({ label, hint, checked, onChange, disabled, hideLabel }: SwitchProps) {
  const id = useId();
  return (
    <span className={styles.row}>
      <span className={hideLabel ? "unseen" : styles.words}>
        <label id={`${id}-label`} htmlFor={id}>
          {label}
        </label>
        {hint && (
          <span id={`${id}-hint`} className={styles.hint}>
            {hint}
          </span>
        )}
      </span>
      <button
        type="button"
        id={id}
        role="switch"
        aria-checked={checked}
        aria-labelledby={`${id}-label`}
        aria-describedby={hint ? `${id}-hint` : undefined}
        disabled={disabled}
        className={styles.track}
        onClick={() => onChange(!checked)}
      />
    </span>
  );
}
