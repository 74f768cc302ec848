import { useState } from "react";
import { type Endpoint, useRotateSecret } from "@/api/webhooks";
import { useWorkspace } from "@/shell/workspace";
import { Field, FormDialog, Notice, Select, Time } from "@/ui";
import { WebhookSecret } from "../webhooks/WebhookSecret";

/** How long both secrets sign, in seconds; the server's most is 7 days. */
const OVERLAPS = [
  { seconds: 0, label: "Not at all: the former one is known to others" },
  { seconds: 3600, label: "1 hour" },
  { seconds: 86_400, label: "24 hours" },
  { seconds: 259_200, label: "3 days" },
  { seconds: 604_800, label: "7 days" },
];

/** First how long both secrets are good, then the new one, once. */
export function RotateSecret({ endpoint, onClose }: { endpoint: Endpoint; onClose: () => void }) {
  const workspace = useWorkspace();
  const rotate = useRotateSecret(workspace.id, endpoint.id);
  const [overlap, setOverlap] = useState(86_400);
  const [secret, setSecret] = useState<string>();
  const former = endpoint.formerSecretUntil;

  if (secret) {
    const note = overlap > 0 ? "Until the former one ends, events are signed with both." : "The former one is void.";
    return <WebhookSecret secret={secret} note={note} onClose={onClose} />;
  }
  return (
    <FormDialog
      onClose={onClose}
      title="Change the signing secret"
      description="For a while events are signed with both secrets, so that your server misses none while you change it."
      busy={rotate.isPending}
      onSubmit={() =>
        rotate.mutateAsync(overlap).then(
          (answer) => setSecret(answer.secret),
          () => {},
        )
      }
      action="Make a new secret"
      error={rotate.error}
    >
      <Field label="The former one still signs for">
        <Select value={overlap} onChange={(event) => setOverlap(Number(event.target.value))}>
          {OVERLAPS.map(({ seconds, label }) => (
            <option key={seconds} value={seconds}>
              {label}
            </option>
          ))}
        </Select>
      </Field>
      {former && Date.parse(former) > Date.now() && (
        <Notice tone="amber">
          The secret before this one signs until <Time at={former} exact />. It ends at once if you go on.
        </Notice>
      )}
    </FormDialog>
  );
}
