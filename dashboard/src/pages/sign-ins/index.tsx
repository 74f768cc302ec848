import { Lock } from "lucide-react";
import { useAccountAudit } from "@/api/audit";
import { useSignedIn } from "@/shell/workspace";
import { Card, EmptyState, Page } from "@/ui";
import { AuditTable } from "../audit/AuditTable";

export default function SignInsPage() {
  const { isOperator } = useSignedIn();
  return (
    <Page
      title="Sign-ins"
      description="Who signed in to this server or tried to, and what was done to accounts. Newest first."
    >
      <Card flush>
        {isOperator ? (
          <Log />
        ) : (
          <EmptyState icon={Lock} title="For operators">
            This page is for those who run the server. Ask one of them.
          </EmptyState>
        )}
      </Card>
    </Page>
  );
}

const Log = () => (
  <AuditTable
    label="Sign-ins"
    log={useAccountAudit()}
    empty="Sign-ins, wrong passwords, new passwords and one-time links appear here."
  />
);
