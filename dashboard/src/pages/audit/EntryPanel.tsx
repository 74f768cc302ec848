import type { AuditEntry } from "@/api/audit";
import { CodeSnippet, DefinitionList, SidePanel, Time } from "@/ui";
import styles from "./audit.module.css";
import { actor, sentence } from "./sentence";

const who = (entry: AuditEntry): string =>
  entry.actorKind === "operator" ? `${actor(entry)} (on the server)` : actor(entry);

export function EntryPanel({ entry, onClose }: { entry: AuditEntry | undefined; onClose: () => void }) {
  if (!entry) return null;
  const hasDetail = Object.keys(entry.detail).length > 0;
  return (
    <SidePanel open onClose={onClose} title={sentence(entry)}>
      <div className={styles.panel}>
        <DefinitionList
          items={[
            ["When", <Time key="at" at={entry.at} exact />],
            ["Who", who(entry)],
            ["Address", entry.address ?? "None"],
            ["Action", <code key="action">{entry.action}</code>],
            ["On", `${entry.targetKind} ${entry.targetName}`],
            ...(entry.targetId ? ([["Its ID", <code key="id">{entry.targetId}</code>]] as const) : []),
          ]}
        />
        {hasDetail && <CodeSnippet title="Detail" code={JSON.stringify(entry.detail, null, 2)} wrap />}
      </div>
    </SidePanel>
  );
}
