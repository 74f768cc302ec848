import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, path } from "./client";
import { inParts } from "./files";
import type { Schemas } from "./types";

/** Both words are plain text in the document. */
type Mismatch = { typeMismatch: "correct" | "refuse" };
export type Project = Omit<Schemas["ProjectPublic"], keyof Mismatch> & Mismatch;
/** What is left out stays; a limit of 0 is no limit. */
export type ProjectChange = Omit<Schemas["ProjectSettings"], keyof Mismatch> & Partial<Mismatch>;
export type ProjectName = { id: string; name: string };

export const projectsKey = (workspace: string | undefined) => ["w", workspace, "projects"] as const;

/** The projects of a workspace, oldest first. */
export const useProjects = (workspace: string | undefined) =>
  useQuery({
    queryKey: projectsKey(workspace),
    queryFn: ({ signal }) =>
      api.get<{ projects: Project[] }>(path`/workspaces/${workspace ?? ""}/projects`, { signal }),
    enabled: workspace !== undefined,
  });

/** The same, for who needs but their names. */
export const useProjectNames: (workspace: string | undefined) => { data?: { projects: ProjectName[] } } = useProjects;

export const useProject = (workspace: string, id: string) =>
  useQuery({
    queryKey: [...projectsKey(workspace), id],
    queryFn: ({ signal }) => api.get<{ project: Project }>(path`/workspaces/${workspace}/projects/${id}`, { signal }),
  });

export function useCreateProject(workspace: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: ProjectChange & { name: string }) =>
      api.post<{ project: Project }>(path`/workspaces/${workspace}/projects`, input),
    // Awaited, so that the page of the new project finds it in the list.
    onSuccess: () => client.invalidateQueries({ queryKey: projectsKey(workspace) }),
  });
}

/** Deletes its files, telling how many are gone, ends what is being uploaded, then deletes the project itself. */
export function useDeleteProject(workspace: string, id: string) {
  const client = useQueryClient();
  const project = path`/workspaces/${workspace}/projects/${id}`;
  return useMutation({
    mutationFn: async (onPart: (deleted: number) => void) => {
      await inParts(() => api.delete(`${project}/files`), onPart);
      await api.delete(project);
    },
    onSuccess: () => client.removeQueries({ queryKey: [...projectsKey(workspace), id] }),
    // Files, usage, keys, uploads and webhooks have changed with it, also if it came but half the way.
    onSettled: () => client.invalidateQueries({ queryKey: ["w", workspace] }),
  });
}

export function useUpdateProject(workspace: string, id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: ProjectChange) =>
      api.patch<{ project: Project }>(path`/workspaces/${workspace}/projects/${id}`, change),
    onSuccess: async (answer) => {
      client.setQueryData([...projectsKey(workspace), id], answer);
      await client.invalidateQueries({ queryKey: projectsKey(workspace) });
    },
  });
}
