import { ChevronRight } from "lucide-react";
import { useState } from "react";
import type { Attempt } from "@/api/deliveries";

import { formatDuration } from "@/lib/format";
import { Badge, CodeSnippet, Tabs, Time } from "@/ui";
import { attemptSentence, headerLines } from "./deliveryWords";
import styles from "./webhook.module.css";

type Side = "request" | "response";

type AttemptViewProps = {
  attempt: Attempt;
  /** What was sent, each time the same. */
  body: string;
  isOpen: boolean;
};

export function AttemptView({ attempt, body, isOpen }: AttemptViewProps) {
  const [side, setSide] = useState<Side>(attempt.responseStatus === null ? "request" : "response");
  const status = attempt.responseStatus;
  const isTaken = attempt.error === null;
  return (
    <li className={styles.attempt}>
      <details open={isOpen}>
        <summary>
          <ChevronRight size={14} aria-hidden />
          <span className={styles.number}>Attempt {attempt.number}</span>
          <Badge tone={isTaken ? "green" : "red"}>{status ?? "No answer"}</Badge>
          <span className={styles.when}>
            <Time at={attempt.startedAt} /> · {formatDuration(attempt.durationMs)}
          </span>
        </summary>
        <div className={styles.inside}>
          <p>{attemptSentence(attempt)}</p>
          <Tabs
            label={`Attempt ${attempt.number}`}
            tabs={[
              { id: "response", label: "Answer" },
              { id: "request", label: "Request" },
            ]}
            value={side}
            onChange={setSide}
          >
            {side === "request" ? (
              <Message headers={attempt.requestHeaders} body={body} />
            ) : status === null ? (
              <p className={styles.quiet}>No answer came back.</p>
            ) : (
              <Message headers={attempt.responseHeaders} body={attempt.responseBody} />
            )}
          </Tabs>
        </div>
      </details>
    </li>
  );
}

function Message({ headers, body }: { headers: Attempt["responseHeaders"]; body: string | null }) {
  return (
    <div className={styles.message}>
      {headers && Object.keys(headers).length > 0 && <CodeSnippet title="Headers" code={headerLines(headers)} wrap />}
      {body ? <CodeSnippet title="Body" code={body} json wrap /> : <p className={styles.quiet}>The body is empty.</p>}
    </div>
  );
}
