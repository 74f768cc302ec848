import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, path } from "./client";
import type { Endpoint, EventType, Headers } from "./expected";

export type { Attempt, Delivery, DeliveryStatus, Endpoint, EventType, Headers } from "./expected";

export const EVENT_TYPES: readonly EventType[] = ["file.uploaded", "file.updated", "file.deleted", "file.failed"];

export type EndpointInput = {
  url?: string;
  description?: string;
  events?: EventType[];
  /** In place of all that there were. */
  headers?: Headers;
};

const webhooksKey = (workspace: string) => ["w", workspace, "webhooks"] as const;

/** The endpoints of the whole workspace, oldest first. */
function useWebhooks<Chosen>(workspace: string, select: (all: Endpoint[]) => Chosen) {
  return useQuery({
    queryKey: webhooksKey(workspace),
    queryFn: ({ signal }) => api.get<{ webhooks: Endpoint[] }>(path`/workspaces/${workspace}/webhooks`, { signal }),
    select: ({ webhooks }) => select(webhooks),
  });
}

export const useEndpoints = (workspace: string, project: string) =>
  useWebhooks(workspace, (all) => all.filter(({ projectId }) => projectId === project));

/** One of them; its data is null if there is none. */
export const useEndpoint = (workspace: string, id: string) =>
  useWebhooks(workspace, (all) => all.find((each) => each.id === id) ?? null);

/** A change of endpoints: all of the workspace's are asked for anew, for a list shows what one page changed. */
function useChange<Input, Answer>(workspace: string, change: (input: Input) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => client.invalidateQueries({ queryKey: webhooksKey(workspace) }),
    // Some answers have a secret, which nothing else should hold on to.
    gcTime: 0,
  });
}

type WithSecret = { webhook: Endpoint; secret: string };

export const useCreateEndpoint = (workspace: string, projectId: string) =>
  useChange(workspace, (input: EndpointInput & { url: string }) =>
    api.post<WithSecret>(path`/workspaces/${workspace}/webhooks`, { projectId, ...input }),
  );

export const useUpdateEndpoint = (workspace: string, id: string) =>
  useChange(workspace, (input: EndpointInput & { enabled?: boolean }) =>
    api.patch<{ webhook: Endpoint }>(path`/workspaces/${workspace}/webhooks/${id}`, input),
  );

export const useDeleteEndpoint = (workspace: string, id: string) =>
  useChange(workspace, () => api.delete(path`/workspaces/${workspace}/webhooks/${id}`));

/** The former secret signs beside the new one for so many seconds, up to 7 days. */
export const useRotateSecret = (workspace: string, id: string) =>
  useChange(workspace, (overlapSeconds: number) =>
    api.post<WithSecret>(path`/workspaces/${workspace}/webhooks/${id}/rotate`, { overlapSeconds }),
  );
