import type { ReactNode } from "react";
import styles from "./RowName.module.css";

/** The first cell of a row: its name, and below it in small what tells it from others of that name. */
export const RowName = ({ name, note }: { name: ReactNode; note?: ReactNode }) => (
  <span className={styles.name}>
    <span title={typeof name === "string" ? name : undefined}>{name}</span>
    {note && <small title={typeof note === "string" ? note : undefined}>{note}</small>}
  </span>
);
