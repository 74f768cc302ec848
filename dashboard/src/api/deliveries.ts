import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, path } from "./client";
import type { Attempt, Delivery, DeliveryStatus, EventType } from "./expected";

/** `live.ts` renews them by their noun. */
const deliveriesKey = (workspace: string) => ["w", workspace, "deliveries"] as const;

/** An endpoint's deliveries, newest first. */
export const useDeliveries = (workspace: string, endpoint: string, status: DeliveryStatus | undefined) =>
  useInfiniteQuery({
    queryKey: [...deliveriesKey(workspace), endpoint, status ?? "all"],
    queryFn: ({ pageParam, signal }) =>
      api.get<{ deliveries: Delivery[]; nextCursor: string | null }>(
        path`/workspaces/${workspace}/webhooks/${endpoint}/deliveries`,
        { query: { status, cursor: pageParam }, signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });

export const useDelivery = (workspace: string, endpoint: string, id: string) =>
  useQuery({
    queryKey: [...deliveriesKey(workspace), "one", id],
    queryFn: ({ signal }) =>
      api.get<{ delivery: Delivery; attempts: Attempt[] }>(
        path`/workspaces/${workspace}/webhooks/${endpoint}/deliveries/${id}`,
        { signal },
      ),
  });

function useSending<Input, Answer>(workspace: string, send: (input: Input) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: deliveriesKey(workspace) }),
        client.invalidateQueries({ queryKey: ["w", workspace, "webhooks"] }),
      ]),
  });
}

export const useSendTest = (workspace: string, endpoint: string) =>
  useSending(workspace, (type: EventType) =>
    api.post<{ delivery: Delivery }>(path`/workspaces/${workspace}/webhooks/${endpoint}/test`, { type }),
  );

export const useReplay = (workspace: string, endpoint: string) =>
  useSending(workspace, (id: string) =>
    api.post<{ delivery: Delivery }>(path`/workspaces/${workspace}/webhooks/${endpoint}/deliveries/${id}/replay`),
  );

/** Enables the endpoint, and sends what failed or was missed since then. */
export const useRecover = (workspace: string, endpoint: string) =>
  useSending(workspace, (since: string) =>
    api.post<{ replayed: number; missed: number }>(path`/workspaces/${workspace}/webhooks/${endpoint}/replay`, {
      since,
    }),
  );
