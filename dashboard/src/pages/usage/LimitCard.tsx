import { fill, fillPercent, fillTone } from "@/lib/limits";
import { Card, Progress } from "@/ui";
import styles from "./usage.module.css";

type LimitCardProps = {
  title: string;
  stored: number;
  reserved: number;
  /** Null for no limit. */
  most: number | null;
  format: (value: number) => string;
};

/** One figure against its limit. */
export function LimitCard({ title, stored, reserved, most, format }: LimitCardProps) {
  const part = fill(stored + reserved, most);
  return (
    <Card className={styles.limit}>
      <h2>{title}</h2>
      <p className={styles.figure}>
        <strong>{format(stored)}</strong>
        {most !== null && <span> of {format(most)}</span>}
      </p>
      {part !== null && <Progress label={`${title} used`} value={part} tone={fillTone(part)} />}
      <p className={styles.below}>
        <span>{part === null ? "No limit" : `${fillPercent(part)} used`}</span>
        {reserved > 0 && <span>{format(reserved)} held for uploads under way</span>}
      </p>
    </Card>
  );
}
