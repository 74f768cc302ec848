import { throwIfAborted } from "./abort.js";
import type { ReuploadClient } from "./client.js";
import { isReuploadClientError, ownError } from "./errors.js";
import type { PreparedUpload, UploadPhase, UploadProgress, UploadResult } from "./types.js";

/** How `uploadFile` uploads one file. */
export interface UploadFileOptions {
  /** The name that is stored, 1 to 512 characters. Without it the file's own name; `blob` for a Blob, as in forms. */
  readonly filename?: string | undefined;
  readonly projectId?: string | undefined;
  readonly isPublic?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: UploadProgress) => void) | undefined;
  /** Filled in on the way. Give the object of a try that failed, with the same file, to go on with its session if it still stands. */
  readonly session?: UploadSession | undefined;
}

/** How far an upload has come, so that another try need not begin a new session. Begin with an empty object. */
export interface UploadSession {
  prepared?: PreparedUpload;
  /** When the session's address dies, in milliseconds of this device's clock; absent if the backend has not said it. */
  expiresAt?: number;
  /** Whether the bytes have all arrived: the address may be dead already, only `complete` remains. */
  bytesSent?: boolean;
  /** What the upload ended with. */
  result?: UploadResult;
}

/** An answer that says of the session that it takes no more bytes. */
const SESSION_IS_DEAD: readonly number[] = [403, 404, 409, 410];
/** Too little time to send anything before the address dies. */
const EXPIRY_MARGIN_MS = 5_000;

/** prepare → PUT → complete, from where `options.session` stands. An abort on the way is told to the backend. */
export async function upload(client: ReuploadClient, file: Blob, options: UploadFileOptions): Promise<UploadResult> {
  const { signal, onProgress } = options;
  const session = options.session ?? {};
  const report = (phase: UploadPhase, loaded: number) => onProgress?.(progressOf(phase, loaded, file.size));

  throwIfAborted(signal);
  if (session.result) return session.result;
  if (file.size === 0) throw ownError("EMPTY_FILE", "The file is empty.");
  if (session.expiresAt !== undefined && session.expiresAt - EXPIRY_MARGIN_MS < Date.now()) forget(session);

  try {
    if (!session.prepared) {
      report("prepare", 0);
      const prepared = await client.prepareUpload(file, options);
      session.prepared = prepared;
      if (prepared.expiresIn !== undefined) session.expiresAt = Date.now() + prepared.expiresIn * 1000;
    }
    throwIfAborted(signal);
    const { uploadId, uploadUrl } = session.prepared;
    if (!session.bytesSent) {
      await client.putFile(uploadUrl, file, { signal, onProgress: (loaded) => report("cdn", loaded) });
      session.bytesSent = true;
    }
    report("cdn", file.size);
    report("complete", file.size);
    const completed = await client.completeUpload(uploadId, { signal });
    session.result = { uploadId, ...completed };
    return session.result;
  } catch (error) {
    if (!isReuploadClientError(error)) throw error;
    const given = session.prepared;
    if (error.code === "ABORTED" && given) void client.cancelUpload(given.uploadId);
    if (error.code === "ABORTED" || SESSION_IS_DEAD.includes(error.status)) forget(session);
    throw error;
  }
}

function progressOf(phase: UploadPhase, loaded: number, total: number): UploadProgress {
  return { percent: Math.floor((100 * loaded) / total), loaded, total, phase };
}

function forget(session: UploadSession): void {
  delete session.prepared;
  delete session.expiresAt;
  delete session.bytesSent;
  delete session.result;
}
