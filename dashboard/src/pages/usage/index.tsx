import { Blocks } from "lucide-react";
import { type Project, useProjects } from "@/api/projects";
import { useUsage } from "@/api/usage";
import { formatBytes, formatNumber } from "@/lib/format";
import { fill, fillPercent, fillTone } from "@/lib/limits";
import { useWorkspace } from "@/shell/workspace";
import { Bytes, Card, CardStack, type Column, EmptyState, ErrorState, Page, Progress, Table } from "@/ui";
import { History } from "./History";
import { LimitCard } from "./LimitCard";
import styles from "./usage.module.css";

export default function UsagePage() {
  const workspace = useWorkspace();
  const projects = useProjects(workspace.id);
  return (
    <Page title="Usage" description="What this workspace stores, and how much of its limits that is.">
      <CardStack>
        <Totals workspace={workspace.id} />
        <History projects={projects.data?.projects} />
        <Card flush title="Projects">
          {projects.error && !projects.data ? (
            <ErrorState error={projects.error} onRetry={() => projects.refetch()} />
          ) : (
            <Table
              label="Usage of projects"
              columns={columns}
              rows={projects.data?.projects}
              rowKey={({ id }) => id}
              href={({ id }) => `/w/${workspace.id}/p/${id}/settings`}
              empty={
                <EmptyState icon={Blocks} title="No projects yet">
                  The usage of each project is listed here.
                </EmptyState>
              }
            />
          )}
        </Card>
      </CardStack>
    </Page>
  );
}

/** All projects together, against the limits of the workspace. */
function Totals({ workspace }: { workspace: string }) {
  const usage = useUsage(workspace);
  const all = usage.data?.workspace;
  if (usage.error && !all) {
    return (
      <Card>
        <ErrorState error={usage.error} onRetry={() => usage.refetch()} />
      </Card>
    );
  }
  return (
    <div className={styles.limits}>
      <LimitCard
        title="Storage"
        known={all && { stored: all.storedBytes, reserved: all.reservedBytes, most: all.maxBytes }}
        format={formatBytes}
      />
      <LimitCard
        title="Files"
        known={all && { stored: all.storedFiles, reserved: all.reservedFiles, most: all.maxFiles }}
        format={formatNumber}
      />
    </div>
  );
}

const columns: Column<Project>[] = [
  { id: "name", header: "Project", cell: ({ name }) => name },
  {
    id: "bytes",
    header: "Stored",
    align: "end",
    width: "130px",
    cell: ({ usage }) => <Bytes value={usage.storedBytes} />,
  },
  {
    id: "bytesLimit",
    header: "Of its storage limit",
    width: "240px",
    cell: ({ name, usage }) => (
      <Part label={`Storage of ${name}`} used={usage.storedBytes + usage.reservedBytes} most={usage.maxBytes} />
    ),
  },
  {
    id: "files",
    header: "Files",
    align: "end",
    width: "120px",
    cell: ({ usage }) => formatNumber(usage.storedFiles),
  },
  {
    id: "filesLimit",
    header: "Of its file limit",
    width: "240px",
    hide: "medium",
    cell: ({ name, usage }) => (
      <Part label={`Files of ${name}`} used={usage.storedFiles + usage.reservedFiles} most={usage.maxFiles} />
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
