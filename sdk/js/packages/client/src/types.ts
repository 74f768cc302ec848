/**
 * What the browser client and its store speak of. The four routes that it calls on your own backend are answered by the
 * file routers of `@reupload/sdk` and of the Python SDK; a field is added here and there together.
 */

/** `prepare`: the backend makes a session; `cdn`: the bytes travel; `complete`: the backend says that they are there. */
export type UploadPhase = "prepare" | "cdn" | "complete";

/** How far an upload is. `percent` is 0 to 100, and null like `total` while the size is not known. Sizes are in bytes. */
export interface UploadProgress {
  readonly percent: number | null;
  readonly loaded: number;
  readonly total: number | null;
  readonly phase: UploadPhase;
}

/** The answer of `POST /uploads/prepare`. `expiresIn` is in seconds. */
export interface PreparedUpload {
  readonly uploadUrl: string;
  readonly uploadId: string;
  readonly fileId: string;
  readonly expiresIn?: number;
}

/** The answer of `POST /uploads/complete`. */
export interface CompletedUpload {
  readonly fileId: string;
  readonly status: string;
}

/** The state of an upload session, as the server says it. */
export type UploadStatus = "PENDING" | "UPLOADING" | "COMPLETED" | "FAILED" | "CANCELLED";

/** The answer of `GET /uploads/{uploadId}/status`. */
export interface UploadStatusResult {
  readonly status: UploadStatus;
  readonly fileId: string;
  readonly failureReason?: string | null;
}

/** What `uploadFile` ends with: the bytes are safe, and the server works on them. */
export interface UploadResult {
  readonly uploadId: string;
  readonly fileId: string;
  readonly status: string;
}

/** The answer of `GET /files/{fileId}/access`. `expiresIn` is in seconds, null for a public file. */
export interface FileAccess {
  readonly url: string;
  readonly accessType: "cdn" | "cdn_public";
  readonly expiresIn: number | null;
  readonly variant: string;
  readonly download: boolean;
}

/** What a file may be. `maxBytes` is inclusive; `accept` is written as in `<input accept>`: `.pdf, image/*, text/plain`. */
export interface FileValidation {
  readonly maxBytes?: number;
  readonly accept?: string;
}

/** How `pollUploadStatus` asks: every `intervalMs` (1500), at most `maxAttempts` times (40). */
export interface PollOptions {
  readonly intervalMs?: number;
  readonly maxAttempts?: number;
  readonly signal?: AbortSignal;
}
