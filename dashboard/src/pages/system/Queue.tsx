import { CircleCheck } from "lucide-react";
import type { System } from "@/api/system";
import { formatNumber } from "@/lib/format";
import { Card, type Column, EmptyState, Table, Time } from "@/ui";
import { jobName } from "./jobs";

type Jobs = System["jobs"][number];

const columns: Column<Jobs>[] = [
  { id: "kind", header: "Work", cell: ({ kind }) => jobName(kind) },
  { id: "count", header: "Jobs due", align: "end", width: "140px", cell: ({ count }) => formatNumber(count) },
  {
    id: "oldest",
    header: "Oldest is due since",
    width: "190px",
    cell: ({ oldest }) => (oldest ? <Time at={oldest} /> : "–"),
  },
];

export const Queue = ({ jobs }: { jobs: readonly Jobs[] }) => (
  <Card flush title="Queue" description="Work that is due now, on all nodes together.">
    <Table
      label="Queue"
      columns={columns}
      rows={jobs}
      rowKey={({ kind }) => kind}
      empty={
        <EmptyState icon={CircleCheck} title="Nothing is due">
          Every job is done, or waits for its time.
        </EmptyState>
      }
    />
  </Card>
);
