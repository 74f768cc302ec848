import { CircleCheck } from "lucide-react";
import type { System } from "@/api/system";
import { formatNumber } from "@/lib/format";
import { Badge, Card, type Column, EmptyState, RowName, Table, Time } from "@/ui";
import { jobName, type Work, workOf } from "./work";

const columns: Column<Work>[] = [
  { id: "kind", header: "Work", cell: ({ kind, lane }) => <RowName name={jobName(kind)} note={`Lane ${lane}`} /> },
  { id: "due", header: "Due now", align: "end", width: "110px", cell: ({ due }) => formatNumber(due) },
  {
    id: "oldest",
    header: "Oldest is due since",
    width: "170px",
    cell: ({ oldest }) => (oldest ? <Time at={oldest} /> : "–"),
  },
  { id: "waiting", header: "Waiting", align: "end", width: "110px", cell: ({ waiting }) => formatNumber(waiting) },
  {
    id: "failed",
    header: "To try again",
    width: "130px",
    cell: ({ failed }) => (failed > 0 ? <Badge tone="amber">{formatNumber(failed)}</Badge> : "–"),
  },
  { id: "next", header: "Next is due", width: "180px", cell: ({ next }) => (next ? <Time at={next} ahead /> : "–") },
];

export const Queue = ({ system }: { system: System }) => (
  <Card flush title="Queue" description="Work that is due now or waits for its time, on all nodes together.">
    <Table
      label="Queue"
      columns={columns}
      rows={workOf(system)}
      rowKey={({ lane, kind }) => `${lane} ${kind}`}
      empty={
        <EmptyState icon={CircleCheck} title="Nothing is due">
          Every job is done.
        </EmptyState>
      }
    />
  </Card>
);
