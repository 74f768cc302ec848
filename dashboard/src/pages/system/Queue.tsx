import { CircleCheck } from "lucide-react";
import type { System } from "@/api/system";
import { formatNumber } from "@/lib/format";
import { Card, type Column, EmptyState, Table, Time } from "@/ui";

type Lane = System["queue"][number];

const columns: Column<Lane>[] = [
  { id: "lane", header: "Jobs", cell: ({ lane }) => lane },
  { id: "waiting", header: "Waiting", align: "end", width: "120px", cell: ({ waiting }) => formatNumber(waiting) },
  { id: "running", header: "Running", align: "end", width: "120px", cell: ({ running }) => formatNumber(running) },
  {
    id: "oldest",
    header: "Oldest is due since",
    width: "190px",
    cell: ({ oldestAt }) => (oldestAt ? <Time at={oldestAt} /> : "–"),
  },
];

export const Queue = ({ lanes }: { lanes: readonly Lane[] }) => (
  <Card flush title="Queue" description="Work that uploads, deletions and webhooks have left to do.">
    <Table
      label="Queue"
      columns={columns}
      rows={lanes}
      rowKey={({ lane }) => lane}
      empty={
        <EmptyState icon={CircleCheck} title="Nothing to do">
          Every job is done.
        </EmptyState>
      }
    />
  </Card>
);
