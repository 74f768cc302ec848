import { CopyButton } from "@/ui";
import styles from "./Copied.module.css";

/** Machine text with a button that copies it. */
export const Copied = ({ value, label }: { value: string; label: string }) => (
  <span className={styles.copied}>
    <code>{value}</code>
    <CopyButton value={value} label={label} />
  </span>
);
