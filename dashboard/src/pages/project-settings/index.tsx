import { useParams } from "react-router";
import { useProject } from "@/api/projects";
import { useWorkspace } from "@/shell/workspace";
import { Card, CardStack, ErrorState, Page, SkeletonText } from "@/ui";
import { DeleteCard } from "./DeleteCard";
import { SettingsForm } from "./SettingsForm";

export default function ProjectSettingsPage() {
  const workspace = useWorkspace();
  const { project: id = "" } = useParams();
  const query = useProject(workspace.id, id);
  return (
    <Page title="Project settings" description={query.data?.project.name} width="narrow">
      {query.data ? (
        <CardStack>
          <SettingsForm key={id} project={query.data.project} />
          {workspace.can("admin") && <DeleteCard key={`delete ${id}`} project={query.data.project} />}
        </CardStack>
      ) : (
        <Card>
          {query.error ? (
            <ErrorState error={query.error} onRetry={() => query.refetch()} />
          ) : (
            <SkeletonText lines={6} />
          )}
        </Card>
      )}
    </Page>
  );
}
