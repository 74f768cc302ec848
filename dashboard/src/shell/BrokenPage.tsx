import { Unplug } from "lucide-react";
import { useRouteError } from "react-router";
import { Button, EmptyState, Page } from "@/ui";

/** A page that failed to draw, or a piece of the application that a newer one has replaced. */
export function BrokenPage() {
  const error = useRouteError();
  console.error(error);
  return (
    <Page title="This page stopped working">
      <EmptyState
        icon={Unplug}
        title="Something went wrong on this page"
        action={
          <Button variant="primary" onClick={() => location.reload()}>
            Reload
          </Button>
        }
      >
        The server may have been updated meanwhile. Reload to go on; nothing that was saved is lost.
      </EmptyState>
    </Page>
  );
}
