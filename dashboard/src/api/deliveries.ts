import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useKeysetList } from "@/lib/useKeysetList";
import { api, path } from "./client";
import type { Schemas } from "./types";
import type { EventType } from "./webhooks";

export type DeliveryStatus = "pending" | "succeeded" | "failed";
/** Its status is plain text in the document. */
export type Delivery = Omit<Schemas["DeliveryPublic"], "status"> & { status: DeliveryStatus };
export type DeliveryAnswer = Omit<Schemas["DeliveryAnswer"], "delivery"> & { delivery: Delivery };
type DeliveryPage = Omit<Schemas["DeliveryList"], "deliveries"> & { deliveries: Delivery[] };
export type Attempt = Schemas["AttemptPublic"];

/** `live.ts` renews them by their noun. */
const deliveriesKey = (workspace: string) => ["w", workspace, "deliveries"] as const;

/** Deliveries of a page. */
const PAGE = 100;

/** The least time between two looks, in milliseconds. The server's hints come sooner, unless their connection is lost. */
const SOON = 3000;

/** When to look again, in milliseconds: soon while an attempt is under way, else when the next one is; false for never. */
export function nextLook(deliveries: readonly Delivery[], now: number): number | false {
  const waits = deliveries
    .filter(({ status }) => status === "pending")
    .map(({ nextAttemptAt }) => Math.max(SOON, Date.parse(nextAttemptAt ?? "") - now || 0));
  return waits.length > 0 ? Math.min(...waits) : false;
}

/** Deliveries of an endpoint, newest first. */
export const useDeliveries = (workspace: string, endpoint: string, status: DeliveryStatus | undefined) =>
  useKeysetList<Delivery>({
    queryKey: [...deliveriesKey(workspace), endpoint, status ?? "all"],
    fetchPage: async ({ cursor, signal }) => {
      const { deliveries, nextCursor } = await api.get<DeliveryPage>(
        path`/workspaces/${workspace}/webhooks/${endpoint}/deliveries`,
        { query: { status, cursor, limit: PAGE }, signal },
      );
      return { rows: deliveries, cursor: nextCursor };
    },
    nextLook: (rows) => nextLook(rows, Date.now()),
  });

export const useDelivery = (workspace: string, id: string) =>
  useQuery({
    queryKey: [...deliveriesKey(workspace), "one", id],
    queryFn: ({ signal }) => api.get<DeliveryAnswer>(path`/workspaces/${workspace}/deliveries/${id}`, { signal }),
    refetchInterval: ({ state }) => nextLook(state.data ? [state.data.delivery] : [], Date.now()),
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
    api.post<DeliveryAnswer>(path`/workspaces/${workspace}/webhooks/${endpoint}/test`, { type }),
  );

export const useReplay = (workspace: string) =>
  useSending(workspace, (id: string) =>
    api.post<DeliveryAnswer>(path`/workspaces/${workspace}/deliveries/${id}/replay`),
  );

/** Enables the endpoint, and sends what failed or was missed since then. */
export const useRecover = (workspace: string, endpoint: string) =>
  useSending(workspace, (since: string) =>
    api.post<Schemas["Recovering"]>(path`/workspaces/${workspace}/webhooks/${endpoint}/recover`, {
      since,
    }),
  );
