import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { meKey, type Role } from "./account";
import { api, path } from "./client";

export type WorkspaceDetails = {
  id: string;
  name: string;
  role: Role;
  /** Bytes; null for the server's own limit. */
  maxFileSize: number | null;
  createdAt: string;
};

export type AuditEntry = {
  id: string;
  at: string;
  actorKind: string;
  actorId: string | null;
  actorName: string;
  action: string;
  targetKind: string;
  targetId: string | null;
  targetName: string;
  detail: Record<string, unknown>;
  address: string | null;
};

const workspaceKey = (workspace: string) => ["w", workspace, "workspace"];

export const useWorkspaceDetails = (workspace: string) =>
  useQuery({
    queryKey: workspaceKey(workspace),
    queryFn: ({ signal }) =>
      api.get<{ workspace: WorkspaceDetails }>(path`/workspaces/${workspace}`, { signal }).then((it) => it.workspace),
  });

export function useRenameWorkspace(workspace: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => api.patch(path`/workspaces/${workspace}`, { name }),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: meKey }),
        client.invalidateQueries({ queryKey: workspaceKey(workspace) }),
      ]),
  });
}

/** For operators. */
export function useCreateWorkspace() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) =>
      api.post<{ workspace: WorkspaceDetails }>("/workspaces", { name }).then((it) => it.workspace),
    onSuccess: () => client.invalidateQueries({ queryKey: meKey }),
  });
}

export const useAudit = (workspace: string) =>
  useInfiniteQuery({
    queryKey: ["w", workspace, "audit"],
    queryFn: ({ signal, pageParam }) =>
      api.get<{ entries: AuditEntry[]; nextCursor: string | null }>(path`/workspaces/${workspace}/audit`, {
        query: { cursor: pageParam, limit: 100 },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
  });
