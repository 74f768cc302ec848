import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { type ApiKey, isInUse, useKeys, useRevokeKey } from "@/api/keys";
import { useProjects } from "@/api/projects";
import { useNow } from "@/lib/useNow";
import { useWorkspace } from "@/shell/workspace";
import { Button, Card, Checkbox, ConfirmDialog, EmptyState, Loaded, Page, useToast } from "@/ui";
import { CreateKey } from "./CreateKey";
import { KeyTable } from "./KeyTable";
import styles from "./keys.module.css";

export default function KeysPage() {
  const workspace = useWorkspace();
  const keys = useKeys(workspace.id);
  const projects = useProjects(workspace.id);
  const revoke = useRevokeKey(workspace.id);
  const toast = useToast();
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<ApiKey>();
  const [showPast, setShowPast] = useState(false);
  const canChange = workspace.can("admin");
  const now = useNow();

  const all = keys.data?.keys;
  const past = all?.filter((key) => !isInUse(key, now)).length ?? 0;
  const rows = all?.filter((key) => showPast || isInUse(key, now));
  const create = (
    <Button variant="primary" icon={Plus} onClick={() => setCreating(true)}>
      New key
    </Button>
  );

  return (
    <Page
      title="API keys"
      description="Your server sends a key with each call. Keep it out of web pages and apps."
      actions={canChange && all?.length !== 0 && create}
    >
      <Card flush>
        <Loaded query={keys}>
          <KeyTable
            keys={rows}
            projects={projects.data?.projects}
            onRevoke={canChange ? setRevoking : undefined}
            empty={
              <EmptyState
                icon={KeyRound}
                title={past ? "No key is in use" : "No keys yet"}
                action={canChange && create}
              >
                {canChange
                  ? "Make one for each server, so that you can revoke it alone."
                  : "An admin of this workspace can make one."}
              </EmptyState>
            }
          />
        </Loaded>
      </Card>
      {past > 0 && (
        <Checkbox
          className={styles.past}
          label={`Show ${past} revoked or ended ${past === 1 ? "key" : "keys"}`}
          checked={showPast}
          onChange={(event) => setShowPast(event.target.checked)}
        />
      )}
      <CreateKey open={creating} onClose={() => setCreating(false)} />
      <ConfirmDialog
        open={revoking !== undefined}
        onClose={() => setRevoking(undefined)}
        title={`Revoke “${revoking?.name}”?`}
        action="Revoke key"
        typed={revoking?.lastUsedAt ? revoking.name : undefined}
        onConfirm={async () => {
          await revoke.mutateAsync(revoking?.id ?? "");
          toast("Key revoked");
        }}
      >
        Whatever uses this key is refused from now on. A revoked key cannot be brought back.
      </ConfirmDialog>
    </Page>
  );
}
