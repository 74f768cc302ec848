import { useState } from "react";
import { EVENT_TYPES } from "@/api/webhooks";
import { Checkbox, Choices, Field, FormDialog, Input, Textarea } from "@/ui";
import { type EndpointDraft, EVENT_WORDS, endpointErrors, urlHint } from "./endpointDraft";

type EndpointFormProps = {
  title: string;
  action: string;
  first: EndpointDraft;
  /** Names of the headers that it has; undefined for a new one. */
  headers?: readonly string[];
  busy: boolean;
  error: unknown;
  onClose: () => void;
  onSubmit: (draft: EndpointDraft) => void;
};

export function EndpointForm({ title, action, first, headers, busy, error, onClose, onSubmit }: EndpointFormProps) {
  const [draft, setDraft] = useState(first);
  const [tried, setTried] = useState(false);
  const set = (change: Partial<EndpointDraft>) => setDraft({ ...draft, ...change });
  const errors = endpointErrors(draft);
  const shown = tried ? errors : {};
  const hint = draft.url.trim() ? urlHint(draft.url) : undefined;

  return (
    <FormDialog
      onClose={onClose}
      title={title}
      size="large"
      busy={busy}
      onSubmit={() => {
        setTried(true);
        if (Object.keys(errors).length === 0) onSubmit(draft);
      }}
      action={action}
      error={error}
    >
      <Field
        label="Address"
        hint={hint?.kind === "warning" ? hint.text : "It is sent a POST with JSON for each event. 2xx means taken."}
        error={shown.url}
        required
      >
        <Input
          mono
          type="url"
          inputMode="url"
          placeholder="https://app.example.com/webhooks/reupload"
          value={draft.url}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => set({ url: event.target.value })}
        />
      </Field>
      <Field label="Description" optional>
        <Input value={draft.description} onChange={(event) => set({ description: event.target.value })} />
      </Field>
      <Choices legend="Events" error={shown.events} beside>
        {EVENT_TYPES.map((type) => (
          <Checkbox
            key={type}
            label={<code>{EVENT_WORDS[type].label}</code>}
            hint={EVENT_WORDS[type].hint}
            checked={draft.events.includes(type)}
            onChange={() =>
              set({
                events: draft.events.includes(type)
                  ? draft.events.filter((each) => each !== type)
                  : [...draft.events, type],
              })
            }
          />
        ))}
      </Choices>
      <Field
        label="Headers of your own"
        optional
        hint={
          headers?.length
            ? `Now: ${headers.join(", ")}. What you write here replaces them; leave it empty to keep them.`
            : "One a line, sent with every event. Their values are not shown again."
        }
        error={shown.headers}
      >
        <Textarea
          mono
          rows={2}
          placeholder="Authorization: Bearer …"
          value={draft.headers}
          spellCheck={false}
          onChange={(event) => set({ headers: event.target.value })}
        />
      </Field>
    </FormDialog>
  );
}
