import { useInfiniteQuery } from "@tanstack/react-query";
import { api, path } from "./client";
import type { Schemas } from "./types";

export type AuditEntry = Schemas["AuditRow"];
export type AuditPage = Schemas["AuditPage"];

/** Entries of a page. */
const PAGE = 100;

const useLog = (queryKey: readonly unknown[], target: string) =>
  useInfiniteQuery({
    queryKey,
    queryFn: ({ signal, pageParam }) =>
      api.get<AuditPage>(target, { query: { cursor: pageParam, limit: PAGE }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
  });

/** Who did what in a workspace, newest first. */
export const useAudit = (workspace: string) => useLog(["w", workspace, "audit"], path`/workspaces/${workspace}/audit`);
