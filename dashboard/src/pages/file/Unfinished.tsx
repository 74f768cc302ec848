import type { TimelineEntry } from "@/api/wire";
import { standing } from "@/files/standing";
import { Timeline } from "@/files/Timeline";
import { Card, Page, StatusDot } from "@/ui";

type UnfinishedProps = {
  entries: TimelineEntry[];
  /** Of the file, where it is known: a history has none. */
  name: string | undefined;
  back: { to: string; label: string };
};

/** In place of a file that is not there yet, or not any more: where it stands, and what happened. */
export function Unfinished({ entries, name, back }: UnfinishedProps) {
  const { tone, word, title, text, isOver } = standing(entries);
  return (
    <Page title={name ?? title} description={name ? `${title}. ${text}` : text} back={back} width="narrow">
      <Card
        title="What happened"
        actions={
          <StatusDot tone={tone} pulse={!isOver}>
            {word}
          </StatusDot>
        }
      >
        <Timeline entries={entries} />
      </Card>
    </Page>
  );
}
