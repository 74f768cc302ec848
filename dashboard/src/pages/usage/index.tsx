import { Blocks } from "lucide-react";
import { type Usage, useUsage } from "@/api/usage";
import { formatBytes, formatNumber } from "@/lib/format";
import { useWorkspace } from "@/shell/workspace";
import { Bytes, Card, CardStack, type Column, EmptyState, ErrorState, Page, Progress, Skeleton, Table } from "@/ui";
import { History } from "./History";
import { LimitCard } from "./LimitCard";
import { fill, fillPercent, fillTone } from "./limits";
import styles from "./usage.module.css";

type Row = Usage["projects"][number];

export default function UsagePage() {
  const workspace = useWorkspace();
  const usage = useUsage(workspace.id);
  const all = usage.data?.workspace;

  return (
    <Page title="Usage" description="What this workspace stores, and how much of its limits that is.">
      {usage.error && !usage.data ? (
        <Card>
          <ErrorState error={usage.error} onRetry={() => usage.refetch()} />
        </Card>
      ) : (
        <CardStack>
          <div className={styles.limits}>
            {all ? (
              <>
                <LimitCard
                  title="Storage"
                  stored={all.storedBytes}
                  reserved={all.reservedBytes}
                  most={all.maxBytes}
                  format={formatBytes}
                />
                <LimitCard
                  title="Files"
                  stored={all.storedFiles}
                  reserved={all.reservedFiles}
                  most={all.maxFiles}
                  format={formatNumber}
                />
              </>
            ) : (
              ["storage", "files"].map((each) => (
                <Card key={each} className={styles.limit}>
                  <Skeleton width="40%" />
                  <p className={styles.figure}>
                    <Skeleton width="60%" />
                  </p>
                </Card>
              ))
            )}
          </div>
          <History projects={usage.data?.projects} />
          <Card flush title="Projects">
            <Table
              label="Usage of projects"
              columns={columns}
              rows={usage.data?.projects}
              rowKey={({ projectId }) => projectId}
              href={({ projectId }) => `/w/${workspace.id}/p/${projectId}/settings`}
              empty={
                <EmptyState icon={Blocks} title="No projects yet">
                  The usage of each project is listed here.
                </EmptyState>
              }
            />
          </Card>
        </CardStack>
      )}
    </Page>
  );
}

const columns: Column<Row>[] = [
  { id: "name", header: "Project", cell: ({ name }) => name },
  {
    id: "bytes",
    header: "Stored",
    align: "end",
    width: "130px",
    cell: ({ storedBytes }) => <Bytes value={storedBytes} />,
  },
  {
    id: "bytesLimit",
    header: "Of its storage limit",
    width: "240px",
    cell: (row) => (
      <Part label={`Storage of ${row.name}`} used={row.storedBytes + row.reservedBytes} most={row.maxBytes} />
    ),
  },
  {
    id: "files",
    header: "Files",
    align: "end",
    width: "120px",
    cell: ({ storedFiles }) => formatNumber(storedFiles),
  },
  {
    id: "filesLimit",
    header: "Of its file limit",
    width: "240px",
    hide: "medium",
    cell: (row) => (
      <Part label={`Files of ${row.name}`} used={row.storedFiles + row.reservedFiles} most={row.maxFiles} />
    ),
  },
];

function Part({ label, used, most }: { label: string; used: number; most: number | null }) {
  const part = fill(used, most);
  if (part === null) return <span className={styles.none}>No limit</span>;
  return (
    <span className={styles.part}>
      <Progress label={label} value={part} tone={fillTone(part)} />
      <span>{fillPercent(part)}</span>
    </span>
  );
}
