import { RotateCw, Send } from "lucide-react";
import { useState } from "react";
import { errorText } from "@/api/error";
import { replayInInbox, sendToInbox } from "@/api/inbox";
import { EVENT_TYPES } from "@/api/webhooks";
import { useMediaQuery } from "@/lib/useMediaQuery";
import { Button, Card, Menu, MenuItem, Page, SidePanel, SkeletonText, StatusDot, useToast } from "@/ui";
import { EntryList } from "./EntryList";
import { entryWords } from "./entryWords";
import styles from "./inbox.module.css";
import { NoPosts } from "./NoPosts";
import { Post } from "./Post";
import { Refused } from "./Refused";
import { type InboxState, useInbox } from "./useInbox";

/** The inbox of `reupload dev`: every event of its project, posted and signed as an app gets it. */
export default function InboxPage() {
  const inbox = useInbox();
  const toast = useToast();
  // What was sent shows by coming in.
  const send = (work: Promise<void>) =>
    void work.catch((error: unknown) => toast(`It was not sent. ${errorText(error)}`, { tone: "error" }));
  const onReplay = (deliveryId: string) => send(replayInInbox(deliveryId));
  const test = (
    <Menu
      label="Kinds of event"
      trigger={(props) => (
        <Button {...props} variant="primary" icon={Send}>
          Send a test event
        </Button>
      )}
    >
      {EVENT_TYPES.map((type) => (
        <MenuItem key={type} onSelect={() => send(sendToInbox(type))}>
          {type}
        </MenuItem>
      ))}
    </Menu>
  );
  const isEmpty = inbox.entries?.length === 0;

  return (
    <Page
      title="Webhook inbox"
      description="Every event of your project, posted and signed as your app gets it."
      actions={
        !inbox.refusal && (
          <>
            <Connection state={inbox.connection} />
            {inbox.entries && !isEmpty && test}
          </>
        )
      }
    >
      {inbox.refusal ? (
        <Refused error={inbox.refusal} />
      ) : !inbox.entries ? (
        <Card>
          <SkeletonText lines={4} />
        </Card>
      ) : isEmpty ? (
        <NoPosts command={inbox.command} action={test} />
      ) : (
        <Posts entries={inbox.entries} onReplay={onReplay} />
      )}
      {!inbox.refusal && (
        <p className={styles.foot}>
          The last 200 posts, kept in memory until reupload dev stops. <code>reupload listen --forward URL</code> sends
          the same events to an app on this machine.
        </p>
      )}
    </Page>
  );
}

const WORDS = {
  connecting: { tone: "grey", text: "Connecting" },
  live: { tone: "green", text: "Live" },
  lost: { tone: "amber", text: "No answer from reupload dev; trying again" },
} as const;

const Connection = ({ state }: { state: InboxState["connection"] }) => (
  <span role="status" className={styles.connection}>
    <StatusDot tone={WORDS[state].tone} pulse={state === "live"}>
      {WORDS[state].text}
    </StatusDot>
  </span>
);

type PostsProps = { entries: NonNullable<InboxState["entries"]>; onReplay: (deliveryId: string) => void };

/** The list with the opened post beside it, or in a narrow window over it. The newest is open until another is chosen. */
function Posts({ entries, onReplay }: PostsProps) {
  const isNarrow = useMediaQuery("(max-width: 1100px)");
  const [chosen, setChosen] = useState<number>();
  const [newest] = entries;
  const found = entries.find(({ number }) => number === chosen);
  const opened = isNarrow ? found : (found ?? newest);
  const words = newest && entryWords(newest);

  return (
    <div className={styles.sides}>
      <p role="status" className="unseen">
        {words && `Newest: ${words.type} ${words.name}. Signature ${words.isRight ? "right" : "wrong"}.`}
      </p>
      <Card flush>
        <EntryList entries={entries} opened={opened?.number} onOpen={setChosen} />
      </Card>
      {!isNarrow && opened && (
        <Card className={styles.opened}>
          <Post key={opened.number} entry={opened} onReplay={onReplay} />
        </Card>
      )}
      {isNarrow && opened && (
        <SidePanel
          open
          onClose={() => setChosen(undefined)}
          title={entryWords(opened).name}
          description={entryWords(opened).about}
          footer={
            opened.deliveryId && (
              <Button variant="primary" icon={RotateCw} onClick={() => onReplay(opened.deliveryId ?? "")}>
                Send again
              </Button>
            )
          }
        >
          <Post key={opened.number} entry={opened} onReplay={onReplay} bare />
        </SidePanel>
      )}
    </div>
  );
}
