import { ChartColumn } from "lucide-react";
import { useState } from "react";
import type { ProjectName } from "@/api/projects";
import { type UsageDay, useUsageDays } from "@/api/usage";
import { formatBytes, formatMark } from "@/lib/format";
import { dayLabel } from "@/lib/limits";
import { useWorkspace } from "@/shell/workspace";
import { Card, Chart, EmptyState, ErrorState, Segmented, Select, Skeleton } from "@/ui";
import styles from "./usage.module.css";

const SPANS = [
  { value: "7", label: "7 days" },
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
] as const;

const CHARTS: readonly {
  title: string;
  kind: "area" | "bar";
  value: (day: UsageDay) => number;
  format: (value: number) => string;
}[] = [
  { title: "Stored", kind: "area", value: (day) => day.storedBytes, format: formatBytes },
  { title: "Files", kind: "area", value: (day) => day.files, format: formatMark },
  { title: "Uploads a day", kind: "bar", value: (day) => day.uploads, format: formatMark },
  {
    title: "Failed webhook deliveries a day",
    kind: "bar",
    value: (day) => day.deliveriesFailed,
    format: formatMark,
  },
];

/** Usage over time, of the workspace or of one project. */
export function History({ projects = [] }: { projects: readonly ProjectName[] | undefined }) {
  const workspace = useWorkspace();
  const [span, setSpan] = useState<(typeof SPANS)[number]["value"]>("30");
  const [project, setProject] = useState("");
  const query = useUsageDays(workspace.id, project || undefined, Number(span));
  const days = query.data?.days;

  return (
    <Card
      title="Over time"
      description="Each day as it stood at its end (UTC)."
      actions={
        <>
          {projects.length > 1 && (
            <Select
              label="Project"
              small
              className={styles.project}
              value={project}
              onChange={(event) => setProject(event.target.value)}
            >
              <option value="">All projects</option>
              {projects.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          )}
          <Segmented label="Days" options={SPANS} value={span} onChange={setSpan} />
        </>
      }
    >
      {query.error && !days ? (
        <ErrorState error={query.error} onRetry={() => query.refetch()} />
      ) : days && days.length < 2 ? (
        <EmptyState icon={ChartColumn} title="No history yet">
          A point is added each day. Come back tomorrow.
        </EmptyState>
      ) : (
        <div className={styles.charts}>
          {CHARTS.map(({ title, kind, value, format }) => (
            <section key={title} className={styles.chart}>
              <h3>{title}</h3>
              {days ? (
                <Chart
                  label={`${title}, last ${span} days`}
                  kind={kind}
                  height={140}
                  format={format}
                  points={days.map((day) => ({ label: dayLabel(day.day), value: value(day) }))}
                />
              ) : (
                // With its edge and the line below it.
                <Skeleton height="180px" />
              )}
            </section>
          ))}
        </div>
      )}
    </Card>
  );
}
