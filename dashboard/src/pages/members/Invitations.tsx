import type { UseQueryResult } from "@tanstack/react-query";
import { EllipsisVertical, MailX } from "lucide-react";
import { errorText } from "@/api/error";
import { type Invitation, useWithdrawInvitation } from "@/api/members";
import { useWorkspace } from "@/shell/workspace";
import { Card, ErrorState, IconButton, Menu, MenuItem, Table, Time, useToast } from "@/ui";
import { givable, ROLE_NAMES } from "./roles";

/** Links that have been given out and not yet used. Without any, nothing is shown. */
export function Invitations({ query }: { query: UseQueryResult<{ invitations: Invitation[] }> }) {
  const workspace = useWorkspace();
  const withdraw = useWithdrawInvitation(workspace.id);
  const toast = useToast();
  if (query.isError) {
    return (
      <Card title="Open invitations">
        <ErrorState error={query.error} onRetry={() => query.refetch()} />
      </Card>
    );
  }
  if (!query.data?.invitations.length) return null;
  const takeBack = (id: string) =>
    withdraw.mutate(id, {
      onSuccess: () => toast("The invitation no longer works"),
      onError: (error) => toast(errorText(error), { tone: "error" }),
    });
  return (
    <Card flush title="Open invitations" description="A link works once, and for seven days.">
      <Table
        label="Open invitations"
        rows={query.data.invitations}
        rowKey={(invitation) => invitation.id}
        columns={[
          { id: "for", header: "For", cell: (invitation) => invitation.email ?? "Whoever has the link" },
          { id: "role", header: "Role", width: "120px", cell: (invitation) => ROLE_NAMES[invitation.role] },
          {
            id: "by",
            header: "Invited by",
            width: "180px",
            hide: "medium",
            cell: (invitation) => invitation.invitedBy,
          },
          {
            id: "until",
            header: "Ends",
            width: "140px",
            cell: (invitation) => <Time at={invitation.expiresAt} ahead />,
          },
          {
            id: "menu",
            header: "Actions",
            hideHeader: true,
            width: "64px",
            align: "end",
            cell: (invitation) =>
              givable(workspace.role).includes(invitation.role) && (
                <Menu
                  label="Actions for the invitation"
                  trigger={(props) => (
                    <IconButton {...props} icon={EllipsisVertical} label="Actions for the invitation" size="small" />
                  )}
                >
                  <MenuItem icon={MailX} danger onSelect={() => takeBack(invitation.id)}>
                    Take back
                  </MenuItem>
                </Menu>
              ),
          },
        ]}
      />
    </Card>
  );
}
