import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { meKey } from "@/api/account";
import { useRemoveMember } from "@/api/members";
import { useSignedIn, useWorkspace } from "@/shell/workspace";
import { Button, Card, ConfirmDialog } from "@/ui";

export function LeaveCard() {
  const { user } = useSignedIn();
  const workspace = useWorkspace();
  const remove = useRemoveMember(workspace.id);
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Card
        title="Leave the workspace"
        description="You lose access at once. Its last owner cannot leave."
        danger
        actions={
          <Button variant="danger" onClick={() => setAsking(true)}>
            Leave
          </Button>
        }
      />
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        title={`Leave ${workspace.name}?`}
        action="Leave workspace"
        typed={workspace.name}
        onConfirm={async () => {
          await remove.mutateAsync(user.id);
          await client.invalidateQueries({ queryKey: meKey });
          navigate("/");
        }}
      >
        You lose access at once. An admin can invite you again.
      </ConfirmDialog>
    </>
  );
}
