import { useState } from "react";
import { NewWorkspace } from "@/shell/NewWorkspace";
import { useSignedIn } from "@/shell/workspace";
import { Button, Notice } from "@/ui";

/** For who is in no workspace: how to come into one. */
export function NoWorkspace() {
  const { isOperator } = useSignedIn();
  const [making, setMaking] = useState(false);
  if (!isOperator)
    return <Notice>You are in no workspace. Ask somebody in one for an invitation, and open its link here.</Notice>;
  return (
    <>
      <Notice action={<Button onClick={() => setMaking(true)}>New workspace</Button>}>
        There is no workspace. Projects, keys and members are kept in one.
      </Notice>
      <NewWorkspace open={making} onClose={() => setMaking(false)} />
    </>
  );
}
