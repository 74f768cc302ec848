import { useSignedIn } from "@/shell/workspace";
import { CardStack, Notice, Page } from "@/ui";
import { Logins } from "./Logins";
import { NameCard } from "./NameCard";
import { PasswordCard } from "./PasswordCard";

export default function AccountPage() {
  const { workspaces } = useSignedIn();
  return (
    <Page title="Your account" width="narrow">
      <CardStack>
        {workspaces.length === 0 && (
          <Notice>You are in no workspace. Ask somebody in one for an invitation, and open its link here.</Notice>
        )}
        <NameCard />
        <PasswordCard />
        <Logins />
      </CardStack>
    </Page>
  );
}
