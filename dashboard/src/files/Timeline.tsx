import type { UseQueryResult } from "@tanstack/react-query";
import type { TimelineEntry } from "@/api/wire";
import { formatDuration } from "@/lib/format";
import { ErrorState, SkeletonText, Time } from "@/ui";
import styles from "./Timeline.module.css";
import { timelineWords } from "./timelineWords";

/** Milliseconds between two entries from which on the wait is worth saying. */
const WAIT = 1000;

/** What happened to a file or an upload, in order and in words. */
export function Timeline({ query }: { query: Pick<UseQueryResult<TimelineEntry[]>, "data" | "error" | "refetch"> }) {
  if (query.error) return <ErrorState error={query.error} onRetry={() => query.refetch()} />;
  if (!query.data) return <SkeletonText lines={4} />;
  return (
    <ol className={styles.timeline}>
      {query.data.map((entry, index) => {
        const { title, text, tone } = timelineWords(entry);
        const before = query.data?.[index - 1];
        const wait = before ? Date.parse(entry.at) - Date.parse(before.at) : 0;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: history only grows at its end
          <li key={index} className={styles.entry} data-tone={tone}>
            <p className={styles.head}>
              <span className={styles.title}>{title}</span>
              <span className={styles.at}>
                <Time at={entry.at} exact />
                {wait >= WAIT && <span title="Since the entry before"> · after {formatDuration(wait)}</span>}
              </span>
            </p>
            {text && <p className={styles.text}>{text}</p>}
          </li>
        );
      })}
    </ol>
  );
}
