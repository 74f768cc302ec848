import { RotateCw } from "lucide-react";
import { useDelivery, useReplay } from "@/api/deliveries";
import { errorText } from "@/api/error";
import type { Endpoint } from "@/api/webhooks";
import { Copied } from "@/files/Copied";
import { useNow } from "@/lib/useNow";
import { useWorkspace } from "@/shell/workspace";
import { Button, DefinitionList, ErrorState, SidePanel, SkeletonText, StatusDot, Time, useToast } from "@/ui";
import { AttemptView } from "./AttemptView";
import { deliverySentence, deliveryState } from "./deliveryWords";
import styles from "./webhook.module.css";

type DeliveryPanelProps = { endpoint: Endpoint; id: string; canChange: boolean; onClose: () => void };

/** One delivery with everything that was sent and answered, the latest attempt first. */
export function DeliveryPanel({ endpoint, id, canChange, onClose }: DeliveryPanelProps) {
  const workspace = useWorkspace();
  const now = useNow();
  const toast = useToast();
  const query = useDelivery(workspace.id, id);
  const replay = useReplay(workspace.id);
  const delivery = query.data?.delivery;
  const attempts = query.data?.attempts.toReversed() ?? [];
  const isDisabled = endpoint.disabledAt !== null;
  const state = delivery && deliveryState(delivery, now);

  return (
    <SidePanel
      open
      onClose={onClose}
      title={delivery?.type ?? "Delivery"}
      description={delivery && deliverySentence(delivery, isDisabled)}
      footer={
        canChange &&
        delivery && (
          <Button
            variant="primary"
            icon={RotateCw}
            busy={replay.isPending}
            disabled={isDisabled}
            onClick={() =>
              replay.mutateAsync(id).then(
                () => toast("It is being sent again"),
                (error: unknown) => toast(errorText(error), { tone: "error" }),
              )
            }
          >
            Send again
          </Button>
        )
      }
    >
      {!delivery || !state ? (
        query.error ? (
          <ErrorState error={query.error} onRetry={() => query.refetch()} />
        ) : (
          <SkeletonText lines={6} />
        )
      ) : (
        <div className={styles.panel}>
          <DefinitionList
            items={[
              [
                "State",
                <StatusDot key="state" tone={state.tone} pulse={state.pulse}>
                  {state.label}
                </StatusDot>,
              ],
              ["Event ID", <Copied key="event" value={delivery.eventId} label="Copy event ID" />],
              ["Happened", <Time key="created" at={delivery.createdAt} exact />],
              ...(delivery.nextAttemptAt && Date.parse(delivery.nextAttemptAt) > now
                ? [["Next attempt", <Time key="next" at={delivery.nextAttemptAt} exact />] as const]
                : []),
            ]}
          />
          <ol className={styles.attempts}>
            {attempts.map((attempt, index) => (
              <AttemptView
                key={attempt.number}
                attempt={attempt}
                body={query.data?.requestBody ?? ""}
                isOpen={index === 0}
              />
            ))}
          </ol>
        </div>
      )}
    </SidePanel>
  );
}
