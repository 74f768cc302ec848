import { useTimeline } from "@/api/files";
import type { TimelineEntry } from "@/api/wire";
import { formatClock, formatDay, formatDuration, formatExact } from "@/lib/format";
import { useWorkspace } from "@/shell/workspace";
import { ErrorState, SkeletonText } from "@/ui";
import styles from "./Timeline.module.css";
import { timelineWords } from "./timelineWords";

/** Milliseconds between two entries from which on the wait is worth saying. */
const WAIT = 1000;

/** What happened to a file or an upload, in order and in words. */
export const Timeline = ({ entries }: { entries: readonly TimelineEntry[] }) => (
  <ol className={styles.timeline}>
    {entries.map((entry, index) => {
      const { title, text, tone } = timelineWords(entry);
      const before = entries[index - 1];
      const at = Date.parse(entry.at);
      const wait = before ? at - Date.parse(before.at) : 0;
      const sameDay = before && formatDay(at) === formatDay(Date.parse(before.at));
      return (
        // biome-ignore lint/suspicious/noArrayIndexKey: history only grows at its end
        <li key={index} className={styles.entry} data-tone={tone}>
          <p className={styles.head}>
            <span className={styles.title}>{title}</span>
            <span className={styles.at}>
              {wait >= WAIT && <span title="Since the entry before">{formatDuration(wait)} later · </span>}
              <time dateTime={entry.at} title={formatExact(at)}>
                {sameDay ? formatClock(at) : formatExact(at)}
              </time>
            </span>
          </p>
          {text && <p className={styles.text}>{text}</p>}
        </li>
      );
    })}
  </ol>
);

/** The same, loaded. */
export function FileTimeline({ file }: { file: string }) {
  const { data, error, refetch } = useTimeline(useWorkspace().id, file);
  if (error) return <ErrorState error={error} onRetry={refetch} />;
  return data ? <Timeline entries={data} /> : <SkeletonText lines={4} />;
}
