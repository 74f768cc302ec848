import { UserPlus, Users } from "lucide-react";
import { useState } from "react";
import { useInvitations, useMembers } from "@/api/members";
import { useWorkspace } from "@/shell/workspace";
import { Button, Card, CardStack, EmptyState, Loaded, Page } from "@/ui";
import { Invitations } from "./Invitations";
import { InviteDialog } from "./InviteDialog";
import { MemberTable } from "./MemberTable";

export default function MembersPage() {
  const workspace = useWorkspace();
  const mayInvite = workspace.can("admin");
  const members = useMembers(workspace.id);
  const invitations = useInvitations(workspace.id, mayInvite);
  const [inviting, setInviting] = useState(false);
  const isAlone = members.data?.members.length === 1 && invitations.data?.invitations.length === 0;
  return (
    <Page
      title="Members"
      description={`Who works in ${workspace.name}, and what they may do.`}
      actions={
        mayInvite && (
          <Button variant="primary" icon={UserPlus} onClick={() => setInviting(true)}>
            Invite
          </Button>
        )
      }
    >
      <CardStack>
        <Card flush>
          <Loaded query={members}>
            <MemberTable members={members.data?.members} />
          </Loaded>
        </Card>
        {mayInvite && <Invitations query={invitations} />}
        {isAlone && (
          <Card>
            <EmptyState
              icon={Users}
              title="Nobody else yet"
              action={<Button onClick={() => setInviting(true)}>Invite somebody</Button>}
            >
              An invitation is a link that works once. You choose what whoever uses it may do.
            </EmptyState>
          </Card>
        )}
      </CardStack>
      <InviteDialog open={inviting} onClose={() => setInviting(false)} />
    </Page>
  );
}
