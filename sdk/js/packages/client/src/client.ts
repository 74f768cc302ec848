import { sleep } from "./abort.js";
import { readAccess, readCompleted, readPrepared, readStatus } from "./answers.js";
import { type BackendOptions, type ClientHeaders, type ClientRoutes, callBackend, DEFAULT_ROUTES } from "./backend.js";
import { failureError, ownError } from "./errors.js";
import { putBytes } from "./put.js";
import { retrying } from "./retry.js";
import { openTab } from "./tab.js";
import type {
  CompletedUpload,
  FileAccess,
  PollOptions,
  PreparedUpload,
  UploadResult,
  UploadStatusResult,
} from "./types.js";
import { type UploadFileOptions, upload } from "./upload.js";

export interface ReuploadClientOptions {
  /** Where your backend has mounted the file routes: absolute, or from the page's root as in `/api/files`. Its path is kept. */
  readonly apiUrl: string;
  readonly fetch?: typeof fetch | undefined;
  /** Whether cookies go to your backend: `include` if it is another origin. Never to the upload host. */
  readonly credentials?: RequestCredentials | undefined;
  readonly headers?: ClientHeaders | undefined;
  readonly routes?: Partial<ClientRoutes> | undefined;
  /** How often the bytes, `complete` and the status are tried again after faults of the network or the server. 2. */
  readonly retries?: number | undefined;
  /** How long your backend may take to answer, in milliseconds. 60 000. */
  readonly timeoutMs?: number | undefined;
  /** How long the bytes may stand still, in milliseconds; there is no limit while they move. 60 000. */
  readonly stallTimeoutMs?: number | undefined;
}

/** A call that can be ended: the signal makes it reject with `ABORTED`. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface PutFileOptions extends CallOptions {
  /** The bytes that have left. A try that is made again begins at 0. */
  readonly onProgress?: ((loaded: number) => void) | undefined;
}

export interface FileAccessOptions extends CallOptions {
  /** `original`, or a thumbnail: `thumb_64`, `thumb_160`, `thumb_320`. */
  readonly variant?: string | undefined;
  /** Whether the address makes the browser save the file instead of showing it. */
  readonly download?: boolean | undefined;
}

/**
 * Uploads files from a browser through sessions that your backend makes. Every method rejects with a `ReuploadClientError`; what your
 * own `headers` function throws comes through as it is.
 */
export class ReuploadClient {
  readonly #backend: BackendOptions;
  readonly #routes: ClientRoutes;
  readonly #retries: number;
  readonly #stallTimeoutMs: number;

  constructor(options: ReuploadClientOptions) {
    if (!options.apiUrl)
      throw new TypeError('ReuploadClient: apiUrl is missing. "/" is the root of the page\'s own origin.');
    this.#backend = {
      apiUrl: options.apiUrl.replace(/\/+$/, ""),
      fetch: options.fetch,
      credentials: options.credentials,
      headers: options.headers,
      timeoutMs: options.timeoutMs ?? 60_000,
    };
    this.#routes = { ...DEFAULT_ROUTES, ...options.routes };
    this.#retries = options.retries ?? 2;
    this.#stallTimeoutMs = options.stallTimeoutMs ?? 60_000;
  }

  /**
   * Uploads one file: makes a session, sends the bytes, says that they are there. Resolves when they are safe with the server, which
   * then checks the file: `pollUploadStatus` waits for that. After an abort the backend is told that the session is given up;
   * an abort during `complete` may come too late.
   */
  uploadFile(file: Blob, options: UploadFileOptions = {}): Promise<UploadResult> {
    return upload(this, file, options);
  }

  /** Makes a session. Never tried again: it might make two. */
  async prepareUpload(
    file: Blob,
    options: Omit<UploadFileOptions, "onProgress" | "session"> = {},
  ): Promise<PreparedUpload> {
    const body = {
      filename: options.filename ?? (file as Partial<File>).name ?? "blob",
      contentType: contentTypeOf(file),
      size: file.size,
      projectId: options.projectId,
      isPublic: options.isPublic,
    };
    const { signal } = options;
    return readPrepared(await callBackend(this.#backend, { method: "POST", path: this.#routes.prepare, body, signal }));
  }

  /** Sends the bytes to a session's `uploadUrl`, as often as `retries` allows: the last whole try counts. */
  putFile(uploadUrl: string, file: Blob, { signal, onProgress }: PutFileOptions = {}): Promise<void> {
    return retrying(this.#retries, signal, () => {
      onProgress?.(0);
      return putBytes({
        url: uploadUrl,
        body: file,
        contentType: contentTypeOf(file),
        stallTimeoutMs: this.#stallTimeoutMs,
        signal,
        onProgress,
      });
    });
  }

  /** Says that the bytes are there. From then on they cannot change, and the upload cannot be cancelled. */
  completeUpload(uploadId: string, { signal }: CallOptions = {}): Promise<CompletedUpload> {
    return retrying(this.#retries, signal, async () => {
      const call = { method: "POST", path: this.#routes.complete, body: { uploadId }, signal } as const;
      return readCompleted(await callBackend(this.#backend, call));
    });
  }

  /** Says that an upload is given up, so that its room is free at once. Best effort: it never rejects. */
  async cancelUpload(uploadId: string): Promise<void> {
    const path = this.#routes.cancel;
    if (path === null) return;
    // keepalive: the page may be on its way out.
    await callBackend(this.#backend, { method: "POST", path, body: { uploadId }, keepalive: true }).catch(() => {});
  }

  getUploadStatus(uploadId: string, { signal }: CallOptions = {}): Promise<UploadStatusResult> {
    const path = filled(this.#routes.status, "uploadId", uploadId);
    return retrying(this.#retries, signal, async () =>
      readStatus(await callBackend(this.#backend, { method: "GET", path, signal })),
    );
  }

  /**
   * Asks until the server has ended the upload, and resolves when it is `COMPLETED`. Rejects with `UPLOAD_FAILED` and its `failureReason`
   * if there will be no file, with `POLL_TIMEOUT` after `maxAttempts` questions: the server may still be at work.
   */
  async pollUploadStatus(uploadId: string, options: PollOptions = {}): Promise<UploadStatusResult> {
    const { intervalMs = 1500, maxAttempts = 40, signal } = options;
    for (let attempt = 1; ; attempt++) {
      const result = await this.getUploadStatus(uploadId, { signal });
      if (result.status === "COMPLETED") return result;
      if (result.status !== "PENDING" && result.status !== "UPLOADING") {
        throw failureError(result.status, result.failureReason);
      }
      if (attempt >= maxAttempts) throw ownError("POLL_TIMEOUT", "The server is still working on the file.");
      await sleep(intervalMs, signal);
    }
  }

  /** An address from which the file can be fetched. */
  async getFileAccess(fileId: string, { variant, download, signal }: FileAccessOptions = {}): Promise<FileAccess> {
    const query = new URLSearchParams();
    if (variant !== undefined) query.set("variant", variant);
    if (download !== undefined) query.set("download", String(download));
    const search = String(query);
    const path = filled(this.#routes.access, "fileId", fileId) + (search && `?${search}`);
    return readAccess(await callBackend(this.#backend, { method: "GET", path, signal }));
  }

  /**
   * Shows a file in a new tab. Call it in the click itself, or browsers take the tab for an advertisement: then, or if tabs are
   * forbidden, it rejects with `POPUP_BLOCKED`. The tab is closed again when there is no access.
   */
  openFileInNewTab(fileId: string, options: FileAccessOptions = {}): Promise<void> {
    return openTab(async () => (await this.getFileAccess(fileId, options)).url);
  }
}

function contentTypeOf(file: Blob): string {
  return file.type || "application/octet-stream";
}

function filled(route: string, name: string, id: string): string {
  return route.replace(`{${name}}`, encodeURIComponent(id));
}
