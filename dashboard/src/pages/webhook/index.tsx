import { Webhook } from "lucide-react";
import { useParams } from "react-router";
import { type Endpoint, useEndpoint } from "@/api/webhooks";
import { useWorkspace } from "@/shell/workspace";
import { Card, CardStack, EmptyState, ErrorState, Page, SkeletonText } from "@/ui";
import { shortUrl } from "../webhooks/endpointState";
import { Deliveries } from "./Deliveries";
import { EndpointActions } from "./EndpointActions";
import { EndpointFacts } from "./EndpointFacts";
import { EndpointNotice } from "./EndpointNotice";

export default function WebhookPage() {
  const workspace = useWorkspace();
  const { project = "", endpoint: id = "" } = useParams();
  const query = useEndpoint(workspace.id, id);
  const endpoint = query.data;
  const back = { to: `/w/${workspace.id}/p/${project}/webhooks`, label: "Webhooks" };

  if (!endpoint) {
    return (
      <Page title="Webhook endpoint" back={back}>
        <Card>
          {query.error ? (
            <ErrorState error={query.error} onRetry={() => query.refetch()} />
          ) : endpoint === null ? (
            <EmptyState icon={Webhook} title="There is no such endpoint">
              It may have been deleted.
            </EmptyState>
          ) : (
            <SkeletonText />
          )}
        </Card>
      </Page>
    );
  }
  return (
    <Page
      title={shortUrl(endpoint.url)}
      description={endpoint.description || undefined}
      back={back}
      actions={workspace.can("admin") && <EndpointActions endpoint={endpoint} listUrl={back.to} />}
    >
      <Content endpoint={endpoint} canChange={workspace.can("admin")} />
    </Page>
  );
}

const Content = ({ endpoint, canChange }: { endpoint: Endpoint; canChange: boolean }) => (
  <CardStack>
    <EndpointNotice endpoint={endpoint} canChange={canChange} />
    <Card title="Endpoint">
      <EndpointFacts endpoint={endpoint} />
    </Card>
    <Deliveries endpoint={endpoint} canChange={canChange} />
  </CardStack>
);
