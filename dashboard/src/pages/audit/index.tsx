import { ScrollText, ShieldAlert } from "lucide-react";
import { useState } from "react";
import { type AuditEntry, useAudit } from "@/api/workspaces";
import { useWorkspace } from "@/shell/workspace";
import { Avatar, Card, type Column, EmptyState, ErrorState, LoadMore, Page, Table, Time } from "@/ui";
import styles from "./audit.module.css";
import { EntryPanel } from "./EntryPanel";
import { sentence } from "./sentence";

const columns: Column<AuditEntry>[] = [
  { id: "what", header: "What", cell: sentence },
  {
    id: "who",
    header: "Who",
    width: "220px",
    cell: (entry) => (
      <span className={styles.who}>
        <Avatar name={entry.actorName} size={20} square={entry.actorKind !== "user"} />
        <span>{entry.actorName}</span>
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

export default function AuditPage() {
  const workspace = useWorkspace();
  return (
    <Page title="Audit log" description="Who did what in this workspace, newest first.">
      <Card flush>
        {workspace.can("admin") ? (
          <Log workspace={workspace.id} />
        ) : (
          <EmptyState icon={ShieldAlert} title="For admins and owners">
            Your role in this workspace does not read the audit log.
          </EmptyState>
        )}
      </Card>
    </Page>
  );
}

function Log({ workspace }: { workspace: string }) {
  const log = useAudit(workspace);
  const [opened, setOpened] = useState<AuditEntry>();
  if (log.isError && !log.data) return <ErrorState error={log.error} onRetry={() => log.refetch()} />;
  return (
    <>
      <Table
        label="Audit log"
        columns={columns}
        rows={log.data?.pages.flatMap((page) => page.entries)}
        rowKey={(entry) => entry.id}
        onOpen={setOpened}
        empty={
          <EmptyState icon={ScrollText} title="Nothing yet">
            Changes to projects, keys, webhooks and members appear here.
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
    </>
  );
}
