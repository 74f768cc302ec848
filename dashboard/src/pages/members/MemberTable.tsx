import { EllipsisVertical, LogOut, UserMinus } from "lucide-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { meKey, type Role } from "@/api/account";
import { errorText } from "@/api/error";
import { type Member, useRemoveMember, useSetRole } from "@/api/members";
import { queryClient } from "@/api/queryClient";
import { useSignedIn, useWorkspace } from "@/shell/workspace";
import { Avatar, Badge, ConfirmDialog, IconButton, Menu, MenuItem, RowName, Select, Table, Time, useToast } from "@/ui";
import styles from "./members.module.css";
import { givable, ROLE_NAMES } from "./roles";

export function MemberTable({ members }: { members: Member[] | undefined }) {
  const { user } = useSignedIn();
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const toast = useToast();
  const remove = useRemoveMember(workspace.id);
  const [leaving, setLeaving] = useState<Member>();
  const isSelf = leaving?.userId === user.id;

  const confirm = async () => {
    if (!leaving) return;
    await remove.mutateAsync(leaving.userId);
    if (isSelf) {
      await queryClient.invalidateQueries({ queryKey: meKey });
      navigate("/");
    } else toast(`${leaving.name} is no longer a member`);
  };

  return (
    <>
      <Table
        label="Members"
        rows={members}
        rowKey={(member) => member.userId}
        columns={[
          {
            id: "name",
            header: "Person",
            cell: (member) => <Person member={member} isSelf={member.userId === user.id} />,
          },
          { id: "role", header: "Role", width: "160px", cell: (member) => <RoleCell member={member} /> },
          {
            id: "since",
            header: "Since",
            width: "140px",
            hide: "both",
            cell: (member) => <Time at={member.createdAt} />,
          },
          {
            id: "menu",
            header: "Actions",
            hideHeader: true,
            width: "64px",
            align: "end",
            cell: (member) => <Actions member={member} onRemove={() => setLeaving(member)} />,
          },
        ]}
      />
      <ConfirmDialog
        open={leaving !== undefined}
        onClose={() => setLeaving(undefined)}
        title={isSelf ? `Leave ${workspace.name}?` : `Remove ${leaving?.name}?`}
        action={isSelf ? "Leave workspace" : "Remove member"}
        onConfirm={confirm}
      >
        {isSelf
          ? "You lose access at once. An admin can invite you again."
          : `${leaving?.email} loses access to ${workspace.name} at once. Keys and webhooks that they made go on working.`}
      </ConfirmDialog>
    </>
  );
}

const Person = ({ member, isSelf }: { member: Member; isSelf: boolean }) => (
  <span className={styles.person}>
    <Avatar name={member.name || member.email} />
    <RowName
      name={
        <>
          {member.name || member.email} {isSelf && <Badge>You</Badge>}
        </>
      }
      note={member.name && member.email}
    />
  </span>
);

function RoleCell({ member }: { member: Member }) {
  const { user } = useSignedIn();
  const workspace = useWorkspace();
  const toast = useToast();
  const setRole = useSetRole(workspace.id);
  const roles = givable(workspace.role);
  // One's own role is not changed by a slip of the hand; another owner can change it.
  if (member.userId === user.id || !roles.includes(member.role)) return ROLE_NAMES[member.role];
  const change = (role: Role) =>
    setRole.mutate(
      { user: member.userId, role },
      {
        onSuccess: () => toast(`${member.name || member.email} is now ${ROLE_NAMES[role].toLowerCase()}`),
        onError: (error) => toast(errorText(error), { tone: "error" }),
      },
    );
  return (
    <Select
      small
      label={`Role of ${member.name || member.email}`}
      value={setRole.isPending ? setRole.variables.role : member.role}
      onChange={(event) => change(event.target.value as Role)}
      className={styles.role}
    >
      {roles.map((role) => (
        <option key={role} value={role}>
          {ROLE_NAMES[role]}
        </option>
      ))}
    </Select>
  );
}

function Actions({ member, onRemove }: { member: Member; onRemove: () => void }) {
  const { user } = useSignedIn();
  const { role } = useWorkspace();
  const isSelf = member.userId === user.id;
  if (!isSelf && !givable(role).includes(member.role)) return null;
  return (
    <Menu
      label={`Actions for ${member.name || member.email}`}
      trigger={(props) => (
        <IconButton
          {...props}
          icon={EllipsisVertical}
          label={`Actions for ${member.name || member.email}`}
          size="small"
        />
      )}
    >
      <MenuItem icon={isSelf ? LogOut : UserMinus} danger onSelect={onRemove}>
        {isSelf ? "Leave workspace" : "Remove from workspace"}
      </MenuItem>
    </Menu>
  );
}
