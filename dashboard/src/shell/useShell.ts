import { useEffect, useMemo, useRef } from "react";
import { useParams } from "react-router";
import { type ProjectName, useProjectNames } from "@/api/projects";
import { remembered } from "@/lib/storage";
import { atLeast, useSignedIn, type Workspace } from "./workspace";

type ShellState = {
  /** Null with no workspace at all. */
  workspace: Workspace | null;
  /** What the address names that is none, or not this user's. */
  unknown: "workspace" | "project" | undefined;
  projects: ProjectName[] | undefined;
  project: ProjectName | undefined;
  /** Its id, which is known before the list has come: the sidebar must not jump when it does. */
  projectId: string | undefined;
};

/** Which workspace and project the sidebar shows: those of the address, else those visited last, else the first. */
export function useShell(): ShellState {
  const me = useSignedIn();
  const params = useParams();
  const last = remembered.get("workspace");
  const named = params.workspace;
  // An operator's list has every workspace, as its owner.
  const asked = me.workspaces.find(({ id }) => id === named);
  const found = asked ?? me.workspaces.find(({ id }) => id === last) ?? me.workspaces[0];
  const id = found?.id;
  const name = found?.name;
  const role = found?.role;

  const workspace = useMemo<Workspace | null>(
    () => (id && name && role ? { id, name, role, can: (needed) => atLeast(role, needed) } : null),
    [id, name, role],
  );
  const projects = useProjectNames(id).data?.projects;
  const wanted = params.project ?? (id && remembered.get(`project.${id}`));
  const project = projects?.find((each) => each.id === wanted) ?? (params.project ? undefined : projects?.[0]);

  const projectId = project?.id ?? (projects ? undefined : (wanted ?? undefined));

  useEffect(() => {
    if (id) remembered.set("workspace", id);
    if (id && project) remembered.set(`project.${id}`, project.id);
  }, [id, project]);

  // One that has just been deleted is left to its page, which leads away from itself.
  const seen = useRef(new Set<string>());
  if (project) seen.current.add(project.id);
  const isNoProject = params.project && projects && !project && !seen.current.has(params.project);
  const unknown = named && !asked ? "workspace" : isNoProject ? "project" : undefined;

  return { workspace, unknown, projects, project, projectId };
}
