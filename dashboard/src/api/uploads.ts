import { api, path } from "./client";
import type { Upload, UploadPage, UploadStatus } from "./wire";

/** `open`: bytes are awaited, arriving or being checked. */
export type UploadFilter = { project?: string; status?: "open" | "FAILED" };

export const uploadsKey = (workspace: string) => ["w", workspace, "uploads"] as const;

const STATUSES: Record<NonNullable<UploadFilter["status"]>, readonly UploadStatus[]> = {
  open: ["PENDING", "UPLOADING"],
  FAILED: ["FAILED"],
};

/** Running and failed uploads of the whole workspace, newest first; the server gives at most 200 at once. */
export const fetchUploads = (
  workspace: string,
  { cursor, limit = 200, signal }: { cursor?: string; limit?: number; signal?: AbortSignal } = {},
): Promise<UploadPage> =>
  api.get(path`/workspaces/${workspace}/uploads`, { query: { limit, cursor }, ...(signal ? { signal } : {}) });

/** The list is the workspace's: what it is narrowed to is chosen here. */
export const matches = (upload: Upload, { project, status }: UploadFilter): boolean =>
  (project === undefined || upload.projectId === project) &&
  (status === undefined || STATUSES[status].includes(upload.status));

/** Gives up an upload whose bytes are not complete yet. */
export const cancelUpload = (workspace: string, upload: Upload) =>
  api.post(path`/workspaces/${workspace}/uploads/cancel`, { uploadId: upload.id });
