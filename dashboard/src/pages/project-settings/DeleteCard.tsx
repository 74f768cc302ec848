import { useState } from "react";
import { useNavigate } from "react-router";
import { type Project, useDeleteProject } from "@/api/projects";
import { countFiles } from "@/files/dialog";
import { formatBytes } from "@/lib/format";
import { useWorkspace } from "@/shell/workspace";
import { DangerCard, Progress, useToast } from "@/ui";

/** Deleting the project with all that it holds. */
export function DeleteCard({ project }: { project: Project }) {
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const toast = useToast();
  const remove = useDeleteProject(workspace.id, project.id);
  const [deleted, setDeleted] = useState(0);
  const { storedFiles, storedBytes } = project.usage;
  return (
    <DangerCard
      title="Delete the project"
      description="With its files, its uploads under way and its webhooks. Keys for it alone are revoked."
      action="Delete project"
      name={project.name}
      question={`Delete “${project.name}”?`}
      onConfirm={async () => {
        await remove.mutateAsync(setDeleted);
        toast(`“${project.name}” is deleted`);
        navigate(`/w/${workspace.id}/projects`, { replace: true });
      }}
    >
      {storedFiles > 0
        ? `It holds ${countFiles(storedFiles)} with ${formatBytes(storedBytes)}. Files are deleted one after the other: stay on this page until it is done.`
        : "It holds no files."}{" "}
      Uploads under way end, its webhooks are told of each file and then no more, and keys for this project alone are
      refused. This cannot be undone.
      {remove.isPending && storedFiles > 0 && (
        <Progress label="Deleting files" value={deleted / Math.max(deleted, storedFiles)} />
      )}
    </DangerCard>
  );
}
