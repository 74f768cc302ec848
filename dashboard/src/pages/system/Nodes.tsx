import type { System } from "@/api/system";
import { Card, type Column, Table, Time } from "@/ui";

type Node = System["nodes"][number];

const columns: Column<Node>[] = [
  { id: "id", header: "Node", cell: ({ id }) => <code>{id}</code> },
  { id: "roles", header: "Roles", cell: ({ roles }) => roles.join(", ") },
  { id: "version", header: "Version", width: "120px", cell: ({ version }) => version },
  { id: "seen", header: "Last seen", width: "150px", cell: ({ seenAt }) => <Time at={seenAt} /> },
];

/** The processes of this installation, where there are several. */
export const Nodes = ({ nodes }: { nodes: readonly Node[] }) =>
  nodes.length < 2 ? null : (
    <Card flush title="Nodes">
      <Table label="Nodes" columns={columns} rows={nodes} rowKey={({ id }) => id} />
    </Card>
  );
