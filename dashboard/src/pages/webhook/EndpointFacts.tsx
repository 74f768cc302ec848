import type { Endpoint } from "@/api/webhooks";
import { Badge, CopyButton, DefinitionList, StatusDot, Time } from "@/ui";
import { endpointState } from "../webhooks/endpointState";
import styles from "./webhook.module.css";

export function EndpointFacts({ endpoint }: { endpoint: Endpoint }) {
  const { tone, label } = endpointState(endpoint);
  const { headerNames, formerSecretUntil } = endpoint;
  return (
    <DefinitionList
      items={[
        [
          "State",
          <StatusDot key="state" tone={tone}>
            {label}
          </StatusDot>,
        ],
        [
          "Address",
          <span key="url" className={styles.url}>
            <code>{endpoint.url}</code>
            <CopyButton value={endpoint.url} label="Copy address" />
          </span>,
        ],
        [
          "Events",
          <span key="events" className={styles.badges}>
            {endpoint.events.map((type) => (
              <Badge key={type}>{type}</Badge>
            ))}
          </span>,
        ],
        ["Headers of your own", headerNames.length > 0 ? <code key="headers">{headerNames.join(", ")}</code> : "None"],
        [
          "Signing secret",
          formerSecretUntil && Date.parse(formerSecretUntil) > Date.now() ? (
            <span key="secret">
              Changed. The former one signs too, until <Time at={formerSecretUntil} exact />
            </span>
          ) : (
            "Shown once, when it was made"
          ),
        ],
        ["Created", <Time key="created" at={endpoint.createdAt} />],
      ]}
    />
  );
}
