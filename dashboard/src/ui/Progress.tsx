import { cx } from "@/lib/cx";
import styles from "./Progress.module.css";
import tones from "./tones.module.css";

type ProgressProps = {
  /** What goes on, for screen readers. */
  label: string;
  /** 0..1, or null while it is not known. */
  value: number | null;
  tone?: "accent" | "green" | "amber" | "red";
};

export function Progress({ label, value, tone = "accent" }: ProgressProps) {
  const part = value === null ? undefined : Math.max(0, Math.min(1, value));
  return (
    <div
      className={styles.track}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={part === undefined ? undefined : Math.round(part * 100)}
    >
      <div
        className={cx(styles.fill, tones[tone], part === undefined && styles.unknown)}
        style={part === undefined ? undefined : { width: `${part * 100}%` }}
      />
    </div>
  );
}
