import { fill, fillPercent, fillTone } from "@/lib/limits";
import { Card, Progress, Skeleton } from "@/ui";
import styles from "./usage.module.css";

type LimitCardProps = {
  title: string;
  /** Undefined until it is known; `most` is null for no limit. */
  known: { stored: number; reserved: number; most: number | null } | undefined;
  format: (value: number) => string;
};

/** One figure against its limit. */
export function LimitCard({ title, known, format }: LimitCardProps) {
  if (!known) {
    // As high as it will be.
    return (
      <Card className={styles.limit}>
        <h2>{title}</h2>
        <p className={styles.figure}>
          <strong>
            <Skeleton width="4ch" height="0.7em" />
          </strong>
        </p>
        <p className={styles.below}>
          <Skeleton width="30%" />
        </p>
      </Card>
    );
  }
  const { stored, reserved, most } = known;
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
