import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { meKey } from "@/api/account";
import { useRemoveMember } from "@/api/members";
import { useSignedIn, useWorkspace } from "@/shell/workspace";
import { DangerCard } from "@/ui";

export function LeaveCard() {
  const { user } = useSignedIn();
  const workspace = useWorkspace();
  const remove = useRemoveMember(workspace.id);
  const client = useQueryClient();
  const navigate = useNavigate();
  return (
    <DangerCard
      title="Leave the workspace"
      description="You lose access at once. Its last owner cannot leave."
      action="Leave workspace"
      name={workspace.name}
      question={`Leave ${workspace.name}?`}
      onConfirm={async () => {
        await remove.mutateAsync(user.id);
        await client.invalidateQueries({ queryKey: meKey });
        navigate("/");
      }}
    >
      You lose access at once. An admin can invite you again.
    </DangerCard>
  );
}
