import { cx } from "@/lib/cx";
import tones from "@/ui/tones.module.css";
import styles from "./EntryList.module.css";
import type { EntryWords } from "./entryWords";

/** The kind of event, in the color of what it means. */
export const EntryIcon = ({ words: { tone, icon: Icon } }: { words: EntryWords }) => (
  <span className={cx(styles.icon, tones[tone])} aria-hidden>
    <Icon size={18} strokeWidth={1.75} />
  </span>
);
