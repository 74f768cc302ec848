import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { useProjects } from "@/api/projects";
import { useDeleteWorkspace } from "@/api/workspaces";
import { useWorkspace } from "@/shell/workspace";
import { Button, Card, ConfirmDialog, useToast } from "@/ui";

/** Deleting the workspace, once it has no project. */
export function DeleteCard() {
  const workspace = useWorkspace();
  const projects = useProjects(workspace.id).data?.projects.length;
  const remove = useDeleteWorkspace(workspace.id);
  const navigate = useNavigate();
  const toast = useToast();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Card
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
        danger
        actions={
          <Button variant="danger" disabled={projects !== 0} onClick={() => setAsking(true)}>
            Delete workspace
          </Button>
        }
      />
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        title={`Delete “${workspace.name}”?`}
        action="Delete workspace"
        typed={workspace.name}
        onConfirm={async () => {
          await remove.mutateAsync();
          toast(`“${workspace.name}” is deleted`);
          navigate("/", { replace: true });
        }}
      >
        Its members lose it, its invitations end and its keys are refused. This cannot be undone.
      </ConfirmDialog>
    </>
  );
}
