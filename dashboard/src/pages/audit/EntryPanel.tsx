import type { AuditEntry } from "@/api/audit";
import { CodeSnippet, DefinitionList, SidePanel, Time } from "@/ui";
import styles from "./audit.module.css";
import { sentence } from "./sentence";

/** `nobody` had not signed in, `operator` is the command line. */
function who({ actorKind, actorName }: AuditEntry): string {
  if (actorKind === "nobody") return "Somebody who had not signed in";
  return actorKind === "user" ? actorName : `${actorName} (on the server)`;
}

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
