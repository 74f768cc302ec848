import { useQuery } from "@tanstack/react-query";
import { api, path } from "./client";
import type { Schemas } from "./types";

export type Usage = Schemas["UsageReport"];
export type UsageDay = Schemas["UsageDay"];

export const useUsage = (workspace: string) =>
  useQuery({
    queryKey: ["w", workspace, "usage"],
    queryFn: ({ signal }) => api.get<Usage>(path`/workspaces/${workspace}/usage`, { signal }),
  });

/** The last days, oldest first, of all projects or of one. */
export const useUsageDays = (workspace: string, project: string | undefined, days: number) =>
  useQuery({
    queryKey: ["w", workspace, "usage", "days", project ?? "all", days],
    queryFn: ({ signal }) =>
      api.get<Schemas["UsageDays"]>(path`/workspaces/${workspace}/usage/days`, {
        query: { projectId: project, days },
        signal,
      }),
    placeholderData: (before) => before,
  });
