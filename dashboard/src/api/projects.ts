import { useQuery } from "@tanstack/react-query";
import { api, path } from "./client";

export type ProjectName = { id: string; name: string };

/** The projects of a workspace, for the switcher; the page of projects has more of each. */
export const useProjectNames = (workspace: string | undefined) =>
  useQuery({
    queryKey: ["w", workspace, "projects"],
    queryFn: ({ signal }) =>
      api.get<{ projects: ProjectName[] }>(path`/workspaces/${workspace ?? ""}/projects`, { signal }),
    enabled: workspace !== undefined,
  });
