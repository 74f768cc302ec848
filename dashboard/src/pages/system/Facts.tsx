import type { System } from "@/api/system";
import { formatDuration } from "@/lib/format";
import { useNow } from "@/lib/useNow";
import { Bytes, Card, DefinitionList, StatusDot, Time } from "@/ui";
import styles from "./system.module.css";

const DATABASES: Record<string, string> = { sqlite: "SQLite, embedded", postgres: "PostgreSQL" };

const ROLES: Record<string, string> = { api: "API", cdn: "CDN", worker: "worker" };

export function Facts({ system }: { system: System }) {
  const now = useNow();
  const { storageFreeBytes: free } = system;
  return (
    <div className={styles.facts}>
      <Card title="Server">
        <DefinitionList
          items={[
            ["Version", system.version],
            ["This node is", system.roles.map((role) => ROLES[role] ?? role).join(", ")],
            ["Running for", formatDuration(Math.max(0, now - Date.parse(system.startedAt)))],
            ["Started", <Time key="started" at={system.startedAt} exact />],
          ]}
        />
      </Card>
      <Card title="Storage">
        <DefinitionList
          items={[
            ["Folder", <code key="folder">{system.storageFolder}</code>],
            ["Free", free === null ? "Not known" : <Bytes key="free" value={free} />],
          ]}
        />
      </Card>
      <Card title="Database">
        <DefinitionList
          items={[
            ["Kind", DATABASES[system.database] ?? system.database],
            ["Size", <Bytes key="size" value={system.databaseBytes} />],
          ]}
        />
      </Card>
      <Card title="Malware scanner">
        {system.scanner === "off" ? (
          <p className={styles.quiet}>
            Off. Files are published without a scan and marked as such. Set <code>scan.backend</code> to turn it on.
          </p>
        ) : (
          <DefinitionList
            items={[
              ["Kind", system.scanner],
              [
                "State",
                <StatusDot key="state" tone={system.scannerReachable ? "green" : "red"}>
                  {system.scannerReachable ? "Answers" : "Does not answer"}
                </StatusDot>,
              ],
              ...(system.scannerVersion ? ([["Version", system.scannerVersion]] as const) : []),
            ]}
          />
        )}
      </Card>
    </div>
  );
}
