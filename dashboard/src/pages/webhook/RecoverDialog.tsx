import { useState } from "react";
import { useRecover } from "@/api/deliveries";
import type { Endpoint } from "@/api/webhooks";
import { formatNumber } from "@/lib/format";
import { useWorkspace } from "@/shell/workspace";
import { ConfirmDialog, Field, Select, useToast } from "@/ui";
import { sinceChoices } from "./deliveryWords";
import styles from "./webhook.module.css";

type RecoverDialogProps = { endpoint: Endpoint; open: boolean; onClose: () => void };

/** Sends what failed or was missed since a time, and enables the endpoint. */
export const RecoverDialog = (props: RecoverDialogProps) => (props.open ? <Asking {...props} /> : null);

function Asking({ endpoint, onClose }: RecoverDialogProps) {
  const workspace = useWorkspace();
  const recover = useRecover(workspace.id, endpoint.id);
  const toast = useToast();
  // Fixed while it is open: the choices must not move under the pointer.
  const [choices] = useState(() => sinceChoices(endpoint, Date.now()));
  const [chosen, setChosen] = useState(choices[0]?.id);
  const at = choices.find(({ id }) => id === chosen)?.at ?? endpoint.createdAt;
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={endpoint.disabledAt ? "Enable it and send what it missed?" : "Send everything again that failed?"}
      action={endpoint.disabledAt ? "Enable and send" : "Send again"}
      harmless
      onConfirm={async () => {
        const { replayed, missed } = await recover.mutateAsync(at);
        const count = replayed + missed;
        toast(
          count === 0
            ? "There was nothing to send"
            : `${formatNumber(count)} ${count === 1 ? "event is" : "events are"} being sent`,
        );
      }}
    >
      <div className={styles.asking}>
        <p>
          Each event that failed, or came while the endpoint was disabled, is sent once more. It may have reached your
          server before: tell repeats apart by their ID.
        </p>
        <Field label="From when on">
          <Select value={chosen} onChange={(event) => setChosen(event.target.value)}>
            {choices.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </Select>
        </Field>
      </div>
    </ConfirmDialog>
  );
}
