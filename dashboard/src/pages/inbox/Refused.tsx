import { Inbox, Laptop } from "lucide-react";
import type { ApiError } from "@/api/error";
import { Card, CodeSnippet, EmptyState } from "@/ui";

/** Why there is nothing to see, and what to do. */
export function Refused({ error }: { error: ApiError }) {
  if (error.status === 404) {
    return (
      <Card>
        <EmptyState icon={Inbox} title="This server has no inbox">
          The inbox comes with reupload dev. Here each endpoint on a project’s page of webhooks lists its own
          deliveries.
        </EmptyState>
      </Card>
    );
  }
  const port = location.port || "4000";
  return (
    <Card>
      <EmptyState
        icon={Laptop}
        title="Only for the server’s own machine"
        snippet={
          <CodeSnippet title="From elsewhere" code={`ssh -L ${port}:127.0.0.1:${port} ${location.hostname}`} wrap />
        }
      >
        The inbox needs no sign-in, so the server shows it only to a browser on its own machine, by the address that
        reupload dev prints. From elsewhere, take the port to you and open http://localhost:{port}/dev/webhooks.
      </EmptyState>
    </Card>
  );
}
