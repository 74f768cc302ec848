import { useWorkspaceDetails } from "@/api/workspaces";
import { useWorkspace } from "@/shell/workspace";
import { Bytes, Card, CardStack, CopyButton, DefinitionList, ErrorState, Page, SkeletonText, Time } from "@/ui";
import { DeleteCard } from "./DeleteCard";
import { LeaveCard } from "./LeaveCard";
import { NameCard } from "./NameCard";
import styles from "./settings.module.css";

export default function WorkspaceSettingsPage() {
  const workspace = useWorkspace();
  const details = useWorkspaceDetails(workspace.id);
  return (
    <Page title="Workspace settings" width="narrow">
      <CardStack>
        <NameCard key={workspace.id} />
        <Card title="About">
          {details.isError ? (
            <ErrorState error={details.error} onRetry={() => details.refetch()} />
          ) : details.data ? (
            <DefinitionList
              items={[
                [
                  "Workspace ID",
                  <span key="id" className={styles.id}>
                    <code>{workspace.id}</code>
                    <CopyButton value={workspace.id} label="Copy workspace ID" />
                  </span>,
                ],
                ["Created", <Time key="created" at={details.data.createdAt} exact />],
                [
                  "Largest file",
                  details.data.maxFileSize === null ? (
                    "As the server allows"
                  ) : (
                    <Bytes key="size" value={details.data.maxFileSize} />
                  ),
                ],
              ]}
            />
          ) : (
            <SkeletonText />
          )}
        </Card>
        <LeaveCard />
        {workspace.can("owner") && <DeleteCard key={`delete ${workspace.id}`} />}
      </CardStack>
    </Page>
  );
}
