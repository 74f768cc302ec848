import type { AuditEntry } from "@/api/audit";
import { CodeSnippet, DefinitionList, SidePanel, Time } from "@/ui";
import styles from "./audit.module.css";
import { sentence } from "./sentence";

export function EntryPanel({ entry, onClose }: { entry: AuditEntry | undefined; onClose: () => void }) {
  if (!entry) return null;
  const hasDetail = Object.keys(entry.detail).length > 0;
  return (
    <SidePanel open onClose={onClose} title={sentence(entry)}>
      <div className={styles.panel}>
        <DefinitionList
          items={[
            ["When", <Time key="at" at={entry.at} exact />],
            ["Who", entry.actorKind === "user" ? entry.actorName : `${entry.actorName} (on the server)`],
            ["Address", entry.address ?? "None"],
            ["Action", <code key="action">{entry.action}</code>],
            ["On", `${entry.targetKind} ${entry.targetName}`],
            ...(entry.targetId ? ([["Its id", <code key="id">{entry.targetId}</code>]] as const) : []),
          ]}
        />
        {hasDetail && <CodeSnippet title="Detail" code={JSON.stringify(entry.detail, null, 2)} wrap />}
      </div>
    </SidePanel>
  );
}
