import { Blocks, Plus } from "lucide-react";
import { useSearchParams } from "react-router";
import { type Project, useProjects } from "@/api/projects";
import { formatNumber } from "@/lib/format";
import { useWorkspace } from "@/shell/workspace";
import { Badge, Button, Bytes, Card, type Column, EmptyState, Loaded, Page, Table, Time } from "@/ui";
import { CreateProject } from "./CreateProject";
import styles from "./projects.module.css";

export default function ProjectsPage() {
  const workspace = useWorkspace();
  const projects = useProjects(workspace.id);
  const [params, setParams] = useSearchParams();
  const canCreate = workspace.can("admin");
  const open = (on: boolean) => setParams(on ? { new: "" } : {}, { replace: true });

  const columns: Column<Project>[] = [
    { id: "name", header: "Name", cell: (project) => project.name },
    {
      id: "files",
      header: "Files",
      align: "end",
      width: "110px",
      cell: ({ usage }) => formatNumber(usage.storedFiles),
    },
    {
      id: "stored",
      header: "Stored",
      align: "end",
      width: "120px",
      cell: ({ usage }) => <Bytes value={usage.storedBytes} />,
    },
    {
      id: "visibility",
      header: "New files are",
      width: "130px",
      cell: (project) => <Badge>{project.defaultPublic ? "Public" : "Private"}</Badge>,
    },
    {
      id: "origins",
      header: "Browser uploads",
      width: "190px",
      hide: "medium",
      cell: (project) => <span className={styles.origins}>{origins(project.uploadCorsOrigins)}</span>,
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
    <Button variant="primary" icon={Plus} onClick={() => open(true)}>
      New project
    </Button>
  );

  return (
    <Page
      title="Projects"
      description="A project keeps the files of one app, with its own rules, limits and webhooks."
      actions={canCreate && projects.data?.projects.length !== 0 && create}
    >
      <Card flush>
        <Loaded query={projects}>
          <Table
            label="Projects"
            columns={columns}
            rows={projects.data?.projects}
            rowKey={({ id }) => id}
            href={({ id }) => `/w/${workspace.id}/p/${id}/files`}
            empty={
              <EmptyState icon={Blocks} title="No projects yet" action={canCreate && create}>
                {canCreate
                  ? "Make one for your app. Its ID and an API key are all that an upload needs."
                  : "An admin of this workspace can make one."}
              </EmptyState>
            }
          />
        </Loaded>
      </Card>
      {canCreate && <CreateProject open={params.has("new")} onClose={() => open(false)} />}
    </Page>
  );
}

function origins(list: readonly string[]): string {
  if (list.length === 0) return "From no web page";
  const [first = ""] = list;
  return list.length === 1 ? first.replace(/^https?:\/\//, "") : `From ${list.length} origins`;
}
