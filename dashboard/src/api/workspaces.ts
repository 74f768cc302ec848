import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { meKey } from "./account";
import { api, path } from "./client";
import type { Schemas } from "./types";

const workspaceKey = (workspace: string) => ["w", workspace, "workspace"];

export const useWorkspaceDetails = (workspace: string) =>
  useQuery({
    queryKey: workspaceKey(workspace),
    queryFn: ({ signal }) =>
      api.get<Schemas["WorkspaceAnswer"]>(path`/workspaces/${workspace}`, { signal }).then((it) => it.workspace),
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

export function useDeleteWorkspace(workspace: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.delete(path`/workspaces/${workspace}`),
    onSuccess: () => client.invalidateQueries({ queryKey: meKey }),
  });
}

/** For operators. */
export function useCreateWorkspace() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) =>
      api.post<Schemas["WorkspaceAnswer"]>("/workspaces", { name }).then((it) => it.workspace),
    onSuccess: () => client.invalidateQueries({ queryKey: meKey }),
  });
}
