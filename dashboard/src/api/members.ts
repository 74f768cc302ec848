import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Role } from "./account";
import { api, path } from "./client";
import type { Schemas } from "./types";

export type Member = Schemas["MemberPublic"];
export type Invitation = Schemas["InvitationPublic"];

const membersKey = (workspace: string) => ["w", workspace, "members"];
const invitationsKey = (workspace: string) => ["w", workspace, "invitations"];

export const useMembers = (workspace: string) =>
  useQuery({
    queryKey: membersKey(workspace),
    queryFn: ({ signal }) => api.get<Schemas["MemberList"]>(path`/workspaces/${workspace}/members`, { signal }),
  });

export function useSetRole(workspace: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ user, role }: { user: string; role: Role }) =>
      api.patch(path`/workspaces/${workspace}/members/${user}`, { role }),
    onSettled: () => client.invalidateQueries({ queryKey: membersKey(workspace) }),
  });
}

export function useRemoveMember(workspace: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (user: string) => api.delete(path`/workspaces/${workspace}/members/${user}`),
    onSettled: () => client.invalidateQueries({ queryKey: membersKey(workspace) }),
  });
}

export const useInvitations = (workspace: string, enabled: boolean) =>
  useQuery({
    queryKey: invitationsKey(workspace),
    queryFn: ({ signal }) => api.get<Schemas["InvitationList"]>(path`/workspaces/${workspace}/invitations`, { signal }),
    enabled,
  });

export function useInvite(workspace: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: Schemas["CreateInvitation"]) =>
      api.post<Schemas["InvitationCreated"]>(path`/workspaces/${workspace}/invitations`, input),
    onSuccess: () => client.invalidateQueries({ queryKey: invitationsKey(workspace) }),
  });
}

export function useWithdrawInvitation(workspace: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.delete(path`/workspaces/${workspace}/invitations/${id}`),
    onSettled: () => client.invalidateQueries({ queryKey: invitationsKey(workspace) }),
  });
}
