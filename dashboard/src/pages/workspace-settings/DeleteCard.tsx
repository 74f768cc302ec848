import { Link, useNavigate } from "react-router";
import { useProjects } from "@/api/projects";
import { useDeleteWorkspace } from "@/api/workspaces";
import { useWorkspace } from "@/shell/workspace";
import { DangerCard, useToast } from "@/ui";

/** Deleting the workspace, once it has no project. */
export function DeleteCard() {
  const workspace = useWorkspace();
  const projects = useProjects(workspace.id).data?.projects.length;
  const remove = useDeleteWorkspace(workspace.id);
  const navigate = useNavigate();
  const toast = useToast();
  return (
    <DangerCard
      title="Delete the workspace"
      description={
        projects ? (
          <>
            Delete its <Link to={`/w/${workspace.id}/projects`}>projects</Link> first.
          </>
        ) : (
          "For everybody, with its keys and invitations."
        )
      }
      action="Delete workspace"
      name={workspace.name}
      question={`Delete “${workspace.name}”?`}
      disabled={projects !== 0}
      onConfirm={async () => {
        await remove.mutateAsync();
        toast(`“${workspace.name}” is deleted`);
        navigate("/", { replace: true });
      }}
    >
      Its members lose it, its invitations end and its keys are refused. This cannot be undone.
    </DangerCard>
  );
}
