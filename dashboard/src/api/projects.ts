import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, path } from "./client";
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
