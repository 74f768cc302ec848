import { CircleAlert, CircleCheck, Info, type LucideIcon, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "@/lib/cx";
import styles from "./Notice.module.css";
import tones from "./tones.module.css";

type Tone = "blue" | "green" | "amber" | "red";
const ICONS: Record<Tone, LucideIcon> = { blue: Info, green: CircleCheck, amber: TriangleAlert, red: CircleAlert };

/** A sentence within the page. A red one is read out at once. */
export function Notice({ tone = "blue", action, children }: { tone?: Tone; action?: ReactNode; children: ReactNode }) {
  const Icon = ICONS[tone];
  return (
    <div className={cx(styles.notice, tones[tone])} role={tone === "red" ? "alert" : undefined}>
      <Icon size={16} aria-hidden />
      <div className={styles.words}>{children}</div>
      {action}
    </div>
  );
}
