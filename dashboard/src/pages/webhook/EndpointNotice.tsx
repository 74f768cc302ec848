import { useState } from "react";
import type { Endpoint } from "@/api/webhooks";
import { Button, Notice, Time } from "@/ui";
import { RecoverDialog } from "./RecoverDialog";

/** Why an endpoint gets nothing, or may soon get nothing, and the way out. */
export function EndpointNotice({ endpoint, canChange }: { endpoint: Endpoint; canChange: boolean }) {
  const [recovering, setRecovering] = useState(false);
  const action = canChange && (
    <Button size="small" onClick={() => setRecovering(true)}>
      {endpoint.disabledAt ? "Enable and catch up" : "Send again"}
    </Button>
  );
  return (
    <>
      {endpoint.disabledAt ? (
        <Notice tone="amber" action={action}>
          <strong>Disabled</strong> since <Time at={endpoint.disabledAt} exact />. {endpoint.disabledReason}
        </Notice>
      ) : (
        endpoint.failingSince && (
          <Notice tone="amber" action={action}>
            No attempt has succeeded since <Time at={endpoint.failingSince} exact />. After days of nothing but failure
            it is disabled.
          </Notice>
        )
      )}
      <RecoverDialog endpoint={endpoint} open={recovering} onClose={() => setRecovering(false)} />
    </>
  );
}
