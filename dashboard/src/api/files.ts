import { type QueryClient, queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, path } from "./client";
import type { Schemas } from "./types";
import type { Access, Category, FileChange, FileInfo, FilePage, Folder, TimelineEntry, Variant } from "./wire";

/** What a list of files is narrowed to. All that is given must hold. */
export type FileFilter = {
  /** Without it, all projects of the workspace. */
  project?: string;
  /** Files in this folder; without it, files in all folders. */
  folder?: string;
  /** Files in its subfolders too. */
  recursive?: boolean;
  /** Part of folder and name, in any case. */
  search?: string;
  category?: Category;
};

/** Files of the first page, which should be there at once, and of those behind it: the server's most. */
const FIRST_PAGE = 100;
const PAGE = 200;

/** Most files that one request deletes; the server's bound. */
const DELETED_AT_ONCE = 100;

/** Requests under way at a time where each file needs its own. */
const AT_ONCE = 6;

export const filesKey = (workspace: string) => ["w", workspace, "files"] as const;
export const fileListKey = (workspace: string, filter: FileFilter) => [...filesKey(workspace), "list", filter] as const;

export function fetchFiles(
  workspace: string,
  { project, ...filter }: FileFilter,
  {
    cursor,
    limit = cursor ? PAGE : FIRST_PAGE,
    signal,
  }: { cursor?: string; limit?: number; signal?: AbortSignal } = {},
): Promise<FilePage> {
  const query = { projectId: project, ...filter, limit, cursor };
  return api.get(path`/workspaces/${workspace}/files`, { query, ...(signal ? { signal } : {}) });
}

export const useRecentFiles = (workspace: string, limit: number) =>
  useQuery({
    queryKey: [...filesKey(workspace), "recent", limit],
    queryFn: ({ signal }) => fetchFiles(workspace, {}, { limit, signal }),
  });

export const useFile = (workspace: string, id: string) =>
  useQuery({
    queryKey: [...filesKey(workspace), "one", id],
    queryFn: async ({ signal }) =>
      (await api.get<{ file: FileInfo }>(path`/workspaces/${workspace}/files/${id}`, { signal })).file,
  });

/** Also of an upload that failed, or that still runs: its file has an id from the beginning. */
export const useTimeline = (workspace: string, id: string) =>
  useQuery({
    queryKey: [...filesKey(workspace), "timeline", id],
    queryFn: async ({ signal }) =>
      (await api.get<{ entries: TimelineEntry[] }>(path`/workspaces/${workspace}/files/${id}/timeline`, { signal }))
        .entries,
  });

type Folders = { folders: Folder[]; hasMore: boolean };

const foldersQuery = (workspace: string, project: string, parent: string) =>
  queryOptions({
    queryKey: [...filesKey(workspace), "folders", project, parent],
    queryFn: ({ signal }) =>
      api.get<Folders>(path`/workspaces/${workspace}/folders`, {
        query: { projectId: project, folder: parent },
        signal,
      }),
  });

/** The direct subfolders of a folder, at most 1,000; `parent` is empty for the top. */
export const useFolders = (workspace: string, project: string, parent: string, enabled = true) =>
  useQuery({ ...foldersQuery(workspace, project, parent), select: ({ folders }) => folders, enabled });

/** Whether there are more of them. */
export const useHasMoreFolders = (workspace: string, project: string, parent: string): boolean =>
  useQuery({ ...foldersQuery(workspace, project, parent), select: ({ hasMore }) => hasMore }).data ?? false;

export type AccessQuery = {
  variant?: Variant;
  download?: boolean;
  /** Seconds, 60 to 604800 (7 days); the server's default is 300. */
  expiresIn?: number;
};

/** An address of the file's bytes; of a private file it is signed, and ends. */
export const fetchAccess = async (workspace: string, id: string, query: AccessQuery, signal?: AbortSignal) =>
  (
    await api.get<{ access: Access }>(path`/workspaces/${workspace}/files/${id}/access`, {
      query,
      ...(signal ? { signal } : {}),
    })
  ).access;

/** The permanent address of a public file, of its original or a thumbnail. Everybody may use it, viewers as well. */
export const publicAddress = (file: FileInfo, query: Record<string, string> = {}): string | null =>
  file.publicUrl && [file.publicUrl, new URLSearchParams(query)].filter(String).join("?");

/** The address that previews use; a signed one is good for an hour and asked for anew before that. */
export const usePreviewUrl = (workspace: string, file: FileInfo, enabled = true) =>
  useQuery({
    queryKey: ["w", workspace, "preview", file.id, file.publicUrl],
    queryFn: async ({ signal }) =>
      publicAddress(file) ?? (await fetchAccess(workspace, file.id, { expiresIn: 3600 }, signal)).url,
    staleTime: 55 * 60_000,
    gcTime: 55 * 60_000,
    refetchOnWindowFocus: false,
    enabled,
  });

/** Of many files, which changed and which the server refused, with the first refusal. */
export type Outcome = { done: FileInfo[]; failed: FileInfo[]; error?: unknown };

/** The same change of many files: the server takes them one by one. */
export function useUpdateFiles(workspace: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ files, change }: { files: readonly FileInfo[]; change: FileChange }): Promise<Outcome> => {
      const outcome: Outcome = { done: [], failed: [] };
      const waiting = [...files];
      const work = async () => {
        for (let file = waiting.shift(); file; file = waiting.shift()) {
          try {
            const target = path`/workspaces/${workspace}/files/${file.id}`;
            outcome.done.push((await api.patch<{ file: FileInfo }>(target, change)).file);
          } catch (error) {
            outcome.failed.push(file);
            outcome.error ??= error;
          }
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      if (outcome.done.length === 0 && outcome.error) throw outcome.error;
      return outcome;
    },
    onSettled: () => client.invalidateQueries({ queryKey: filesKey(workspace) }),
  });
}

/** The server deletes many files a part at a time: asks until none is left, and says how many there were. */
export async function inParts(deletePart: () => Promise<Schemas["FolderDeleted"]>, onPart?: (deleted: number) => void) {
  let deleted = 0;
  for (let hasMore = true; hasMore; ) {
    const part = await deletePart();
    deleted += part.deleted;
    hasMore = part.hasMore;
    onPart?.(deleted);
  }
  return deleted;
}

/** Deletes all files in a folder and below it, and says how many there were. */
export function useDeleteFolder(workspace: string, projectId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (folder: string) =>
      inParts(() => api.delete(path`/workspaces/${workspace}/files`, { query: { projectId, folder } })),
    onSettled: () => afterDeleting(client, workspace),
  });
}

export function useDeleteFiles(workspace: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (ids: readonly string[]) => {
      for (let start = 0; start < ids.length; start += DELETED_AT_ONCE) {
        const fileIds = ids.slice(start, start + DELETED_AT_ONCE);
        await api.post(path`/workspaces/${workspace}/files/delete`, { fileIds });
      }
    },
    onSettled: () => afterDeleting(client, workspace),
  });
}

function afterDeleting(client: QueryClient, workspace: string) {
  for (const noun of ["files", "usage", "projects"]) client.invalidateQueries({ queryKey: ["w", workspace, noun] });
}
