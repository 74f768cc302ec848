import { Send } from "lucide-react";
import { useState } from "react";
import { type Delivery, type DeliveryStatus, useDeliveries } from "@/api/deliveries";
import type { Endpoint } from "@/api/webhooks";
import { useNow } from "@/lib/useNow";
import { useWorkspace } from "@/shell/workspace";
import { Card, type Column, EmptyState, ErrorState, LoadMore, Segmented, StatusDot, Table, Time } from "@/ui";
import { DeliveryPanel } from "./DeliveryPanel";
import { deliveryState } from "./deliveryWords";
import styles from "./webhook.module.css";

type Filter = DeliveryStatus | "all";
const FILTERS: readonly { value: Filter; label: string }[] = [
  { value: "all", label: "All" },
  { value: "succeeded", label: "Delivered" },
  { value: "failed", label: "Failed" },
  { value: "pending", label: "Pending" },
];
const NONE: Record<Filter, [title: string, words: string]> = {
  all: [
    "Nothing sent yet",
    "Upload a file, or send a test event: each delivery is listed here with its request and answer.",
  ],
  succeeded: ["Nothing delivered yet", "Deliveries that the endpoint answered with 2xx are listed here."],
  failed: ["Nothing has failed", "Deliveries that the endpoint did not take in all their attempts are listed here."],
  pending: ["Nothing is pending", "Deliveries that are being sent, or wait to be tried again, are listed here."],
};

export function Deliveries({ endpoint, canChange }: { endpoint: Endpoint; canChange: boolean }) {
  const workspace = useWorkspace();
  const now = useNow();
  const [filter, setFilter] = useState<Filter>("all");
  const [opened, setOpened] = useState<string>();
  const list = useDeliveries(workspace.id, endpoint.id, filter === "all" ? undefined : filter);
  const [title, words] = NONE[filter];
  // What was sent has addresses of private files.
  const mayLook = workspace.can("member");

  const columns: Column<Delivery>[] = [
    { id: "type", header: "Event", cell: ({ type }) => <code>{type}</code> },
    {
      id: "event",
      header: "Event ID",
      hide: "both",
      cell: ({ eventId }) => <code className={styles.quiet}>{eventId}</code>,
    },
    {
      id: "state",
      header: "State",
      width: "220px",
      cell: (delivery) => {
        const { label, ...dot } = deliveryState(delivery, now);
        const { nextAttemptAt, status } = delivery;
        const waits = status === "pending" && !dot.pulse && nextAttemptAt;
        return (
          <StatusDot {...dot}>
            <span>
              {label}
              {waits && (
                <span className={styles.quiet}>
                  {" "}
                  <Time at={nextAttemptAt} ahead />
                </span>
              )}
            </span>
          </StatusDot>
        );
      },
    },
    { id: "attempts", header: "Attempts", align: "end", width: "100px", cell: ({ attempts }) => attempts },
    { id: "created", header: "Happened", width: "140px", cell: ({ createdAt }) => <Time at={createdAt} /> },
  ];

  return (
    <>
      <Card
        flush
        title="Deliveries"
        description={mayLook ? undefined : "Members see what was sent and answered."}
        actions={<Segmented label="State of deliveries" options={FILTERS} value={filter} onChange={setFilter} />}
      >
        {list.error ? (
          <ErrorState error={list.error} onRetry={list.retry} />
        ) : (
          <Table
            label="Deliveries"
            columns={columns}
            rows={list.isStale ? undefined : list.rows}
            rowKey={({ id }) => id}
            onOpen={mayLook ? ({ id }) => setOpened(id) : undefined}
            empty={
              <EmptyState icon={Send} title={title}>
                {words}
              </EmptyState>
            }
          />
        )}
        <LoadMore hasMore={list.hasMore} loading={list.isLoadingMore} onLoad={list.loadMore} error={list.moreError} />
      </Card>
      {opened && (
        <DeliveryPanel endpoint={endpoint} id={opened} canChange={canChange} onClose={() => setOpened(undefined)} />
      )}
    </>
  );
}
