import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, path } from "./client";
import type { Schemas } from "./types";

export type ApiKey = Schemas["KeyPublic"];
export type Permission = Schemas["Permission"];
export type NewKey = Schemas["CreateKey"];

/** Neither revoked nor past its end. `now` in milliseconds. */
export const isInUse = ({ revokedAt, expiresAt }: Pick<ApiKey, "revokedAt" | "expiresAt">, now: number): boolean =>
  revokedAt === null && (expiresAt === null || Date.parse(expiresAt) > now);

const keysKey = (workspace: string) => ["w", workspace, "keys"] as const;

export const useKeys = (workspace: string) =>
  useQuery({
    queryKey: keysKey(workspace),
    queryFn: ({ signal }) => api.get<Schemas["KeyList"]>(path`/workspaces/${workspace}/keys`, { signal }),
  });

/** Its answer has the secret, which the server does not keep. */
export function useCreateKey(workspace: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: NewKey) => api.post<Schemas["KeyCreated"]>(path`/workspaces/${workspace}/keys`, input),
    onSuccess: () => client.invalidateQueries({ queryKey: keysKey(workspace) }),
    // Nothing else should hold on to a secret.
    gcTime: 0,
  });
}

export function useRevokeKey(workspace: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.delete(path`/workspaces/${workspace}/keys/${id}`),
    onSettled: () => client.invalidateQueries({ queryKey: keysKey(workspace) }),
  });
}
