import type { ReactNode } from "react";
import { cx } from "@/lib/cx";
import styles from "./Badge.module.css";
import tones from "./tones.module.css";

export type Tone = "grey" | "blue" | "green" | "amber" | "red";

/** A word with a color of its meaning; the word must say it without the color. */
export const Badge = ({ tone = "grey", children }: { tone?: Tone; children: ReactNode }) => (
  <span className={cx(styles.badge, tones[tone])}>{children}</span>
);

/** A state: a dot and its word. `pulse` for what goes on now. */
export const StatusDot = ({
  tone = "grey",
  pulse,
  children,
}: {
  tone?: Tone;
  pulse?: boolean;
  children: ReactNode;
}) => (
  <span className={styles.status}>
    <span className={cx(styles.dot, tones[tone], pulse && styles.pulse)} aria-hidden />
    {children}
  </span>
);
