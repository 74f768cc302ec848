import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Role } from "./account";
import { api, path } from "./client";

export type Member = { userId: string; email: string; name: string; role: Role; createdAt: string };
export type Invitation = {
  id: string;
  email: string | null;
  role: Role;
  invitedBy: string;
  createdAt: string;
  expiresAt: string;
};

const membersKey = (workspace: string) => ["w", workspace, "members"];
const invitationsKey = (workspace: string) => ["w", workspace, "invitations"];

export const useMembers = (workspace: string) =>
  useQuery({
    queryKey: membersKey(workspace),
    queryFn: ({ signal }) => api.get<{ members: Member[] }>(path`/workspaces/${workspace}/members`, { signal }),
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
    queryFn: ({ signal }) =>
      api.get<{ invitations: Invitation[] }>(path`/workspaces/${workspace}/invitations`, { signal }),
    enabled,
  });

export function useInvite(workspace: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { role: Role; email?: string }) =>
      api.post<{ invitation: Invitation; url: string }>(path`/workspaces/${workspace}/invitations`, input),
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
