import { Ban } from "lucide-react";
import type { ReactNode } from "react";
import type { ApiKey } from "@/api/keys";
import type { ProjectName } from "@/api/projects";
import { useNow } from "@/lib/useNow";
import { Badge, type Column, IconButton, RowName, Table, Time } from "@/ui";
import styles from "./keys.module.css";

type KeyTableProps = {
  keys: readonly ApiKey[] | undefined;
  projects: readonly ProjectName[] | undefined;
  /** Without it nothing can be revoked. */
  onRevoke?: ((key: ApiKey) => void) | undefined;
  empty: ReactNode;
};

/** A key's text as it may be shown: how it begins. */
export const masked = ({ hint }: { hint: string }): string => `${hint}…`;

export function KeyTable({ keys, projects = [], onRevoke, empty }: KeyTableProps) {
  const now = useNow();
  const name = (id: string) => projects.find((project) => project.id === id)?.name ?? "a project";
  const columns: Column<ApiKey>[] = [
    {
      id: "name",
      header: "Name",
      cell: (key) => <RowName name={key.name} note={<code>{masked(key)}</code>} />,
    },
    {
      id: "permissions",
      header: "Permissions",
      width: "180px",
      cell: ({ permissions }) => (
        <span className={styles.badges}>
          {permissions.map((permission) => (
            <Badge key={permission}>{permission.replace("files.", "")}</Badge>
          ))}
        </span>
      ),
    },
    {
      id: "projects",
      header: "Projects",
      width: "15%",
      cell: ({ projectIds }) => projectIds?.map(name).join(", ") ?? "All",
    },
    {
      id: "used",
      header: "Last used",
      width: "112px",
      cell: ({ lastUsedAt }) => (lastUsedAt ? <Time at={lastUsedAt} /> : "Never"),
    },
    {
      id: "ends",
      header: "Ends",
      width: "104px",
      cell: (key) =>
        key.revokedAt ? (
          <Badge tone="red">Revoked</Badge>
        ) : !key.expiresAt ? (
          "Never"
        ) : Date.parse(key.expiresAt) > now ? (
          <Time at={key.expiresAt} ahead />
        ) : (
          <Badge tone="amber">Ended</Badge>
        ),
    },
    {
      id: "created",
      header: "Created",
      width: "116px",
      hide: "medium",
      cell: ({ createdAt }) => <Time at={createdAt} />,
    },
  ];
  if (onRevoke) {
    columns.push({
      id: "revoke",
      header: "Revoke",
      hideHeader: true,
      align: "end",
      width: "64px",
      cell: (key) =>
        !key.revokedAt && (
          <IconButton icon={Ban} label={`Revoke ${key.name}`} size="small" onClick={() => onRevoke(key)} />
        ),
    });
  }
  return <Table label="API keys" columns={columns} rows={keys} rowKey={({ id }) => id} empty={empty} />;
}
