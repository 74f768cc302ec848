import { useQuery } from "@tanstack/react-query";
import { api, path } from "./client";
import type { Upload, UploadPage, UploadStatus } from "./wire";

/** `open`: bytes are awaited, arriving or being checked. */
export type UploadFilter = { project?: string; status?: "open" | "FAILED" };

export const uploadsKey = (workspace: string) => ["w", workspace, "uploads"] as const;

const STATUSES: Record<NonNullable<UploadFilter["status"]>, readonly UploadStatus[]> = {
  open: ["PENDING", "UPLOADING"],
  FAILED: ["FAILED"],
};

/** Running and failed uploads, newest first; the server gives at most 200 at once. */
export const fetchUploads = (
  workspace: string,
  { project, status }: UploadFilter,
  { cursor, limit = 100, signal }: { cursor?: string; limit?: number; signal?: AbortSignal } = {},
): Promise<UploadPage> => {
  const query = { projectId: project, status: status && STATUSES[status].join(), limit, cursor };
  return api.get(path`/workspaces/${workspace}/uploads`, { query, ...(signal ? { signal } : {}) });
};

/** The server's most uploads of a page. */
const MOST = 200;

/** The upload that a file should come of; null where it is none of the newest that run or have failed. */
export const useUploadOf = (workspace: string, project: string, file: string, enabled: boolean) =>
  useQuery({
    queryKey: [...uploadsKey(workspace), "of", file],
    queryFn: async ({ signal }) => {
      const { uploads } = await fetchUploads(workspace, { project }, { limit: MOST, signal });
      return uploads.find(({ fileId }) => fileId === file) ?? null;
    },
    enabled,
  });

/** Gives up an upload whose bytes are not complete yet. */
export const cancelUpload = (workspace: string, upload: Upload) =>
  api.post(path`/workspaces/${workspace}/uploads/cancel`, { uploadId: upload.id });
