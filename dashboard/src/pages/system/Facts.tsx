import type { System } from "@/api/system";
import { formatBytes, formatDuration } from "@/lib/format";
import { useNow } from "@/lib/useNow";
import { Bytes, Card, DefinitionList, Progress, StatusDot } from "@/ui";
import { fillTone } from "../usage/limits";
import styles from "./system.module.css";

const DATABASES: Record<string, string> = { sqlite: "SQLite, embedded", postgres: "PostgreSQL" };

export function Facts({ system }: { system: System }) {
  const now = useNow();
  const { storage, database, scanner } = system;
  const used = storage.totalBytes > 0 ? 1 - storage.freeBytes / storage.totalBytes : null;
  return (
    <div className={styles.facts}>
      <Card title="Server">
        <DefinitionList
          items={[
            ["Version", system.version],
            ["Running for", formatDuration(Math.max(0, now - Date.parse(system.startedAt)))],
            ["Roles", system.roles.join(", ")],
          ]}
        />
      </Card>
      <Card title="Storage">
        <DefinitionList
          items={[
            ["Kind", storage.backend === "disk" ? "Local disk" : storage.backend],
            ["Folder", <code key="folder">{storage.folder}</code>],
            [
              "Free",
              <span key="free" className={styles.free}>
                <span>
                  <Bytes value={storage.freeBytes} /> of {formatBytes(storage.totalBytes)}
                </span>
                {used !== null && <Progress label="Disk used" value={used} tone={fillTone(used)} />}
              </span>,
            ],
          ]}
        />
      </Card>
      <Card title="Database">
        <DefinitionList
          items={[
            ["Kind", DATABASES[database.kind] ?? database.kind],
            ["Version", database.version],
            ["Size", <Bytes key="size" value={database.sizeBytes} />],
          ]}
        />
      </Card>
      <Card title="Malware scanner">
        {scanner.backend === "off" ? (
          <p className={styles.quiet}>
            Off. Files are published without a scan and marked as such. Set <code>scan.backend</code> to turn it on.
          </p>
        ) : (
          <DefinitionList
            items={[
              [
                "State",
                <StatusDot key="state" tone={scanner.reachable ? "green" : "red"}>
                  {scanner.reachable ? "Answers" : "Does not answer"}
                </StatusDot>,
              ],
              ["Address", <code key="address">{scanner.address}</code>],
              ["Version", scanner.version ?? "–"],
            ]}
          />
        )}
      </Card>
    </div>
  );
}
