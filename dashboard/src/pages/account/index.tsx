import { useSignedIn } from "@/shell/workspace";
import { CardStack, Page } from "@/ui";
import { Logins } from "./Logins";
import { NameCard } from "./NameCard";
import { NoWorkspace } from "./NoWorkspace";
import { PasswordCard } from "./PasswordCard";

export default function AccountPage() {
  const { workspaces } = useSignedIn();
  return (
    <Page title="Your account" width="narrow">
      <CardStack>
        {workspaces.length === 0 && <NoWorkspace />}
        <NameCard />
        <PasswordCard />
        <Logins />
      </CardStack>
    </Page>
  );
}
