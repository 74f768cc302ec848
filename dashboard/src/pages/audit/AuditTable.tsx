import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { ScrollText } from "lucide-react";
import { useState } from "react";
import type { AuditEntry, AuditPage } from "@/api/audit";
import { Avatar, type Column, EmptyState, Loaded, LoadMore, Table, Time } from "@/ui";
import styles from "./audit.module.css";
import { EntryPanel } from "./EntryPanel";
import { actor, sentence } from "./sentence";

const columns: Column<AuditEntry>[] = [
  { id: "what", header: "What", cell: sentence },
  {
    id: "who",
    header: "Who",
    width: "220px",
    cell: (entry) => (
      <span className={styles.who}>
        <Avatar name={actor(entry)} size={20} square={entry.actorKind !== "user"} />
        <span>{actor(entry)}</span>
      </span>
    ),
  },
  {
    id: "address",
    header: "Address",
    width: "180px",
    hide: "both",
    cell: (entry) => entry.address ?? <span className={styles.quiet}>–</span>,
  },
  { id: "at", header: "When", width: "130px", align: "end", cell: (entry) => <Time at={entry.at} /> },
];

type AuditTableProps = {
  label: string;
  log: UseInfiniteQueryResult<InfiniteData<AuditPage>>;
  /** What would be here. */
  empty: string;
};

/** Who did what, newest first; a row opens what is known of it. */
export function AuditTable({ label, log, empty }: AuditTableProps) {
  const [opened, setOpened] = useState<AuditEntry>();
  return (
    <Loaded query={log}>
      <Table
        label={label}
        columns={columns}
        rows={log.data?.pages.flatMap((page) => page.entries)}
        rowKey={(entry) => entry.id}
        onOpen={setOpened}
        empty={
          <EmptyState icon={ScrollText} title="Nothing yet">
            {empty}
          </EmptyState>
        }
      />
      <LoadMore
        hasMore={log.hasNextPage}
        loading={log.isFetchingNextPage}
        error={log.isFetchNextPageError ? log.error : undefined}
        onLoad={() => log.fetchNextPage()}
      />
      <EntryPanel entry={opened} onClose={() => setOpened(undefined)} />
    </Loaded>
  );
}
