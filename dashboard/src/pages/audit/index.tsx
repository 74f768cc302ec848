import { ShieldAlert } from "lucide-react";
import { useAudit } from "@/api/audit";
import { useWorkspace } from "@/shell/workspace";
import { Card, EmptyState, Page } from "@/ui";
import { AuditTable } from "./AuditTable";

export default function AuditPage() {
  const workspace = useWorkspace();
  return (
    <Page title="Audit log" description="Who did what in this workspace, newest first.">
      <Card flush>
        {workspace.can("admin") ? (
          <Log workspace={workspace.id} />
        ) : (
          <EmptyState icon={ShieldAlert} title="For admins and owners">
            Your role in this workspace does not read the audit log.
          </EmptyState>
        )}
      </Card>
    </Page>
  );
}

const Log = ({ workspace }: { workspace: string }) => (
  <AuditTable
    label="Audit log"
    log={useAudit(workspace)}
    empty="Changes to projects, keys, webhooks and members appear here."
  />
);
