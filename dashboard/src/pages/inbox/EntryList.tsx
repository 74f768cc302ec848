import { ShieldAlert, ShieldCheck } from "lucide-react";
import { type KeyboardEvent, useRef } from "react";
import type { InboxEntry } from "@/api/inbox";
import { formatClock } from "@/lib/format";
import { Badge } from "@/ui";
import { EntryIcon } from "./EntryIcon";
import styles from "./EntryList.module.css";
import { entryWords } from "./entryWords";

type EntryListProps = {
  entries: readonly InboxEntry[];
  /** The number of the opened one. */
  opened: number | undefined;
  onOpen: (number: number) => void;
};

/** The posts, newest first. Arrows go from one to the next. */
export function EntryList({ entries, opened, onOpen }: EntryListProps) {
  // What was there at first did not just come.
  const first = useRef(entries[0]?.number ?? 0);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" } as const;
    const way = step[event.key as keyof typeof step];
    const item = (event.target as Element).closest("li")?.[way];
    if (!way || !item) return;
    event.preventDefault();
    item.querySelector("button")?.focus();
  };
  return (
    <ol className={styles.list} aria-label="Events, newest first" onKeyDown={onKeyDown}>
      {entries.map((entry) => (
        <li key={entry.number} className={styles.entry} data-fresh={entry.number > first.current || undefined}>
          <Row entry={entry} isOpen={entry.number === opened} onOpen={() => onOpen(entry.number)} />
        </li>
      ))}
    </ol>
  );
}

function Row({ entry, isOpen, onOpen }: { entry: InboxEntry; isOpen: boolean; onOpen: () => void }) {
  const words = entryWords(entry);
  const Shield = words.isRight ? ShieldCheck : ShieldAlert;
  const marks = [
    words.isTest && "test",
    (entry.attempt ?? 1) > 1 && `attempt ${entry.attempt}`,
    entry.seenBefore && "seen before",
  ].filter((mark) => mark !== false);
  return (
    <button type="button" className={styles.row} aria-current={isOpen || undefined} onClick={onOpen}>
      <EntryIcon words={words} />
      <span className={styles.words}>
        <span className={styles.name}>{words.name}</span>
        <span className={styles.facts}>
          <code>{words.type}</code>
          {marks.map((mark) => (
            <Badge key={mark} tone={mark === "seen before" ? "amber" : "grey"}>
              {mark}
            </Badge>
          ))}
        </span>
      </span>
      <span className={styles.end}>
        <time dateTime={entry.receivedAt}>{formatClock(Date.parse(entry.receivedAt))}</time>
        <Shield
          size={15}
          role="img"
          aria-label={words.isRight ? "Signature right" : "Signature wrong"}
          className={words.isRight ? styles.right : styles.wrong}
        />
      </span>
    </button>
  );
}
