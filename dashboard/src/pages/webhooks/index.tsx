import { Inbox, Plus, Webhook } from "lucide-react";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { type Endpoint, useCreateEndpoint, useEndpoints } from "@/api/webhooks";
import { INBOX, useDevInbox } from "@/shell/useDevInbox";
import { useWorkspace } from "@/shell/workspace";
import { Button, ButtonLink, Card, type Column, EmptyState, Loaded, Page, RowName, StatusDot, Table, Time } from "@/ui";
import { EndpointForm } from "./EndpointForm";
import { newDraft, toInput } from "./endpointDraft";
import { endpointState, shortUrl } from "./endpointState";
import { WebhookSecret } from "./WebhookSecret";
import styles from "./webhooks.module.css";

export default function WebhooksPage() {
  const workspace = useWorkspace();
  const { project = "" } = useParams();
  const endpoints = useEndpoints(workspace.id, project);
  const hasInbox = useDevInbox();
  const [creating, setCreating] = useState(false);
  const canChange = workspace.can("admin");
  const rows = endpoints.data;
  const here = `/w/${workspace.id}/p/${project}/webhooks`;

  const columns: Column<Endpoint>[] = [
    {
      id: "url",
      header: "Address",
      cell: ({ url, description }) => <RowName name={shortUrl(url)} note={description} />,
    },
    {
      id: "events",
      header: "Events",
      width: "24%",
      cell: ({ events }) => events.map((type) => type.replace("file.", "")).join(", "),
    },
    {
      id: "state",
      header: "State",
      width: "245px",
      cell: (endpoint) => {
        const { tone, label } = endpointState(endpoint);
        const since = endpoint.disabledAt ?? endpoint.failingSince;
        return (
          <StatusDot tone={tone}>
            <span>
              {label}
              {since && (
                <span className={styles.since}>
                  {" "}
                  · since <Time at={since} />
                </span>
              )}
            </span>
          </StatusDot>
        );
      },
    },
    {
      id: "created",
      header: "Created",
      width: "130px",
      hide: "medium",
      cell: ({ createdAt }) => <Time at={createdAt} />,
    },
  ];
  const create = (
    <Button variant="primary" icon={Plus} onClick={() => setCreating(true)}>
      Add endpoint
    </Button>
  );

  return (
    <Page
      title="Webhooks"
      description="Your server is told when a file of this project is ready, changed or gone."
      actions={
        <>
          {hasInbox && (
            <ButtonLink to={INBOX} icon={Inbox}>
              Inbox of this machine
            </ButtonLink>
          )}
          {canChange && rows?.length !== 0 && create}
        </>
      }
    >
      <Card flush>
        <Loaded query={endpoints}>
          <Table
            label="Webhook endpoints"
            columns={columns}
            rows={rows}
            rowKey={({ id }) => id}
            href={({ id }) => `${here}/${id}`}
            empty={
              <EmptyState icon={Webhook} title="No endpoints yet" action={canChange && create}>
                {canChange
                  ? "Add the address of your server that should hear of files. Each event is signed, and sent again until it is taken."
                  : "An admin of this workspace can add one."}
              </EmptyState>
            }
          />
        </Loaded>
      </Card>
      {creating && <Create project={project} onClose={() => setCreating(false)} here={here} />}
    </Page>
  );
}

/** First the form, then the secret, once; then the new endpoint's own page. */
function Create({ project, here, onClose }: { project: string; here: string; onClose: () => void }) {
  const workspace = useWorkspace();
  const create = useCreateEndpoint(workspace.id, project);
  const navigate = useNavigate();
  const [made, setMade] = useState<{ webhook: Endpoint; secret: string }>();
  if (made) return <WebhookSecret secret={made.secret} onClose={() => navigate(`${here}/${made.webhook.id}`)} />;
  return (
    <EndpointForm
      title="Add an endpoint"
      action="Add endpoint"
      first={newDraft}
      busy={create.isPending}
      error={create.error}
      onClose={onClose}
      onSubmit={(draft) => create.mutateAsync(toInput(draft)).then(setMade, () => {})}
    />
  );
}
