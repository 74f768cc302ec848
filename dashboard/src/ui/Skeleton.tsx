import styles from "./Skeleton.module.css";

/** A grey bar in place of text that is on its way. `width` and `height` are CSS lengths. */
export const Skeleton = ({ width = "100%", height = "1em" }: { width?: string; height?: string }) => (
  <span className={styles.bar} style={{ width, height }} aria-hidden />
);

const WIDTHS = ["92%", "78%", "85%", "64%"];

/** Several lines of it, with a word for screen readers. */
export const SkeletonText = ({ lines = 3 }: { lines?: number }) => (
  <div className={styles.lines}>
    <span className="unseen">Loading</span>
    {Array.from({ length: lines }, (_, line) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike
      <Skeleton key={line} width={WIDTHS[line % WIDTHS.length]} />
    ))}
  </div>
);
