import { EllipsisVertical, FolderOpen } from "lucide-react";
import { useMemo, useState } from "react";
import {
  Badge,
  Button,
  Bytes,
  Card,
  Chart,
  CodeSnippet,
  type Column,
  EmptyState,
  ErrorState,
  IconButton,
  StatusDot,
  Table,
  Tabs,
  Time,
} from "@/ui";
import styles from "./ui.module.css";

type Row = { id: string; name: string; size: number; at: string; ok: boolean };
const made = (count: number): Row[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `f${index}`,
    name: `${["invoice", "portrait", "A quite long name of a report that somebody wrote", "clip"][index % 4]}-${index + 1}.pdf`,
    size: ((index + 3) * 7919) % 9_000_000,
    at: new Date(Date.UTC(2026, 10, 28) - index * 3_700_000).toISOString(),
    ok: index % 5 !== 3,
  }));

const columns: Column<Row>[] = [
  { id: "name", header: "Name", cell: (row) => row.name },
  {
    id: "state",
    header: "State",
    width: "130px",
    cell: (row) => <StatusDot tone={row.ok ? "green" : "red"}>{row.ok ? "Completed" : "Failed"}</StatusDot>,
  },
  { id: "kind", header: "Kind", width: "110px", hide: "both", cell: () => <Badge>document</Badge> },
  {
    id: "size",
    header: "Size",
    width: "110px",
    align: "end",
    cell: (row) => <Bytes value={row.size} />,
  },
  { id: "at", header: "Created", width: "140px", align: "end", cell: (row) => <Time at={row.at} /> },
  {
    id: "menu",
    header: "Actions",
    hideHeader: true,
    width: "60px",
    align: "end",
    hide: "stack",
    cell: (row) => <IconButton icon={EllipsisVertical} label={`Actions of ${row.name}`} size="small" />,
  },
];

const sample =
  'curl -F file=@photo.jpg \\\n  -H "Authorization: Bearer $REUPLOAD_API_KEY" \\\n  http://127.0.0.1:4000/api/v1/uploads/direct';

export function Lists() {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set(["f1"]));
  const [many, setMany] = useState(false);
  const [tab, setTab] = useState("table");
  const rows = useMemo(() => made(many ? 100_000 : 6), [many]);
  const points = useMemo(
    () =>
      made(30).map((row, index) => ({ label: `Nov ${index + 1}`, value: 2_000_000 + index * 120_000 + row.size / 9 })),
    [],
  );
  return (
    <>
      <Card title="Charts">
        <div className={styles.grid}>
          <Chart label="Stored bytes" points={points} format={(value) => `${(value / 1e6).toFixed(1)} MB`} />
          <Chart label="Uploads" points={points} kind="bar" format={(value) => (value / 1e4).toFixed(0)} />
        </div>
      </Card>
      <Card title="Code">
        <div className={styles.stack}>
          <CodeSnippet title="Terminal" code={sample} />
          <CodeSnippet code="npm install @reupload/client" />
        </div>
      </Card>
      <Tabs
        label="Lists"
        value={tab}
        onChange={setTab}
        tabs={[
          { id: "table", label: "Table", count: rows.length },
          { id: "loading", label: "Loading" },
          { id: "empty", label: "Empty" },
          { id: "error", label: "Error" },
        ]}
      >
        <Card
          flush
          title="Files"
          description={`${selected.size} selected`}
          actions={<Button onClick={() => setMany(!many)}>{many ? "Six rows" : "100,000 rows"}</Button>}
        >
          {tab === "error" ? (
            <ErrorState error={new Error("played")} onRetry={() => setTab("table")} />
          ) : (
            <Table
              label="Files"
              columns={columns}
              rows={tab === "loading" ? undefined : tab === "empty" ? [] : rows}
              rowKey={(row) => row.id}
              rowLabel={(row) => row.name}
              href={(row) => `/ui?file=${row.id}`}
              selected={selected}
              onSelect={setSelected}
              empty={
                <EmptyState
                  icon={FolderOpen}
                  title="No files yet"
                  action={<Button variant="primary">Upload a file</Button>}
                >
                  What your app and you upload appears here.
                </EmptyState>
              }
            />
          )}
        </Card>
      </Tabs>
    </>
  );
}
