import { RotateCw, ShieldAlert, ShieldCheck } from "lucide-react";
import { useState } from "react";
import type { InboxEntry } from "@/api/inbox";
import { formatExact } from "@/lib/format";
import { Badge, Button, CodeSnippet, CopyButton, Notice, Tabs } from "@/ui";
import { EntryIcon } from "./EntryIcon";
import { entryWords } from "./entryWords";
import styles from "./Post.module.css";
import { PostPicture } from "./PostPicture";

type Tab = "body" | "headers";

type PostProps = {
  entry: InboxEntry;
  onReplay: (deliveryId: string) => void;
  /** The panel around it has the name and the button. */
  bare?: boolean;
};

/** One post, with everything that an app would get of it. */
export function Post({ entry, onReplay, bare }: PostProps) {
  const [tab, setTab] = useState<Tab>("body");
  const words = entryWords(entry);
  const { deliveryId } = entry;
  return (
    <article className={styles.post} aria-label={`${words.type} ${words.name}`}>
      {!bare && (
        <header className={styles.head}>
          <EntryIcon words={words} />
          <div className={styles.title}>
            <h2>{words.name}</h2>
            {words.about && <p>{words.about}</p>}
          </div>
          {deliveryId && (
            <Button icon={RotateCw} onClick={() => onReplay(deliveryId)}>
              Send again
            </Button>
          )}
        </header>
      )}
      {words.picture && <PostPicture key={words.picture.url} picture={words.picture} />}
      <dl className={styles.facts}>
        <dt>Event</dt>
        <dd>
          <Badge tone={words.tone}>{words.type}</Badge>
          {words.isTest && <Badge>test</Badge>}
        </dd>
        <dt>Received</dt>
        <dd>
          <time dateTime={entry.receivedAt}>{formatExact(Date.parse(entry.receivedAt))}</time>
          {(entry.attempt ?? 1) > 1 && <span className={styles.quiet}>attempt {entry.attempt}</span>}
        </dd>
        {words.eventId && (
          <>
            <dt>Event ID</dt>
            <dd>
              <code>{words.eventId}</code>
              <CopyButton value={words.eventId} label="Copy event ID" />
            </dd>
          </>
        )}
      </dl>
      <ul className={styles.signatures} aria-label="Signatures">
        <Signature header="Reupload-Signature" problem={entry.signatureProblem} />
        <Signature header="webhook-signature" problem={entry.standardProblem} />
      </ul>
      {entry.seenBefore && (
        <Notice tone="amber">
          This event has come before. An event may come more than once, so an app keeps its ID and acts on it once.
        </Notice>
      )}
      <Tabs
        label="What was posted"
        tabs={[
          { id: "body", label: "Body" },
          { id: "headers", label: "Headers", count: entry.headers.length },
        ]}
        value={tab}
        onChange={setTab}
      >
        {tab === "body" ? (
          <CodeSnippet
            title={`POST, ${entry.body.length.toLocaleString("en")} characters`}
            code={entry.body}
            json
            wrap
          />
        ) : (
          <dl className={styles.headers}>
            {entry.headers.map(([name, value], index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a name may come twice, and none of them moves
              <div key={index}>
                <dt>{name}</dt>
                <dd>
                  <code>{value}</code>
                </dd>
              </div>
            ))}
          </dl>
        )}
      </Tabs>
    </article>
  );
}

function Signature({ header, problem }: { header: string; problem: string | null }) {
  const Shield = problem === null ? ShieldCheck : ShieldAlert;
  return (
    <li data-right={problem === null}>
      <Shield size={16} aria-hidden />
      <span>
        <code>{header}</code> {problem === null ? "is right." : `is wrong: ${problem}`}
      </span>
    </li>
  );
}
