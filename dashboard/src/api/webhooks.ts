import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, path } from "./client";
import type { Schemas } from "./types";

export type Endpoint = Schemas["EndpointPublic"];
export type EventType = Schemas["EventType"];
export type Headers = Record<string, string>;
/** A whole endpoint as a form has it. Headers take the place of all that there were; without them those stay. */
export type EndpointInput = Omit<Schemas["PatchWebhook"], "url" | "enabled"> & { url: string };

export const EVENT_TYPES: readonly EventType[] = ["file.uploaded", "file.updated", "file.deleted", "file.failed"];

const webhooksKey = (workspace: string) => ["w", workspace, "webhooks"] as const;

/** The endpoints of the whole workspace, oldest first. */
function useWebhooks<Chosen>(workspace: string, select: (all: Endpoint[]) => Chosen) {
  return useQuery({
    queryKey: webhooksKey(workspace),
    queryFn: ({ signal }) => api.get<Schemas["EndpointList"]>(path`/workspaces/${workspace}/webhooks`, { signal }),
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

export const useCreateEndpoint = (workspace: string, projectId: string) =>
  useChange(workspace, (input: EndpointInput) =>
    api.post<Schemas["EndpointSecret"]>(path`/workspaces/${workspace}/webhooks`, { projectId, ...input }),
  );

export const useUpdateEndpoint = (workspace: string, id: string) =>
  useChange(workspace, (input: Schemas["PatchWebhook"]) =>
    api.patch<Schemas["EndpointAnswer"]>(path`/workspaces/${workspace}/webhooks/${id}`, input),
  );

export const useDeleteEndpoint = (workspace: string, id: string) =>
  useChange(workspace, () => api.delete(path`/workspaces/${workspace}/webhooks/${id}`));

/** The former secret signs beside the new one for so many seconds, up to 7 days. */
export const useRotateSecret = (workspace: string, id: string) =>
  useChange(workspace, (overlapSeconds: number) =>
    api.post<Schemas["EndpointSecret"]>(path`/workspaces/${workspace}/webhooks/${id}/rotate`, { overlapSeconds }),
  );
