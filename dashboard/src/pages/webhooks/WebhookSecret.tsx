import { CodeSnippet, SecretDialog } from "@/ui";

/** The signing secret of an endpoint, shown once. */
export const WebhookSecret = ({ secret, note, onClose }: { secret: string; note?: string; onClose: () => void }) => (
  <SecretDialog
    title="Save the signing secret"
    description={`${note ? `${note} ` : ""}With it your server checks that an event is from here. It is not shown again.`}
    label="Signing secret"
    secret={secret}
    onClose={onClose}
  >
    <CodeSnippet title=".env" code={`REUPLOAD_WEBHOOK_SECRET=${secret}`} wrap />
  </SecretDialog>
);
