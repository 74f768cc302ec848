import { Inbox } from "lucide-react";
import type { ReactNode } from "react";
import { Card, CodeSnippet, EmptyState } from "@/ui";

/** Before the first post: how to get one. */
export const NoPosts = ({ command, action }: { command: string; action: ReactNode }) => (
  <Card>
    <EmptyState
      icon={Inbox}
      title="Nothing has come in yet"
      action={action}
      snippet={<CodeSnippet title="Paste this into a terminal" code={command} wrap />}
    >
      Upload a file, and its event appears here by itself. Or send a test event.
    </EmptyState>
  </Card>
);
