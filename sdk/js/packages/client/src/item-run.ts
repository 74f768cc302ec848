import { asClientError, type ReuploadClientError } from "./errors.js";
import type { UploadItem, UploadStoreOptions } from "./store-types.js";
import type { UploadSession } from "./upload.js";
import { validateFile } from "./validate.js";

/** An item with what the store knows of it besides. */
export interface Entry {
  item: UploadItem;
  session: UploadSession;
  /** Ends the run that the item is in. */
  run: AbortController | null;
  /** Whether `onBeforeUpload` has said yes already: it is asked once. */
  admitted: boolean;
}

/** What one run of an item, from its turn to its end, may do to the store. After its signal it does nothing more. */
export interface ItemRun {
  readonly entry: Entry;
  readonly signal: AbortSignal;
  options(): UploadStoreOptions;
  update(patch: Partial<UploadItem>): void;
  /** Takes the item off the list. */
  drop(): void;
  /** Lets the next item send: this one only waits from now on. */
  release(): void;
}

/** Codes of refusals that the same file would get again. */
const FINAL = [
  "EMPTY_FILE",
  "FILE_TOO_LARGE",
  "FILE_TYPE_NOT_ACCEPTED",
  "CONTENT_TYPE_NOT_ALLOWED",
  "INVALID_FILENAME",
];
const FINAL_REASONS = ["MALWARE_DETECTED", "NOT_SCANNABLE", "CONTENT_TYPE_NOT_ALLOWED"];

export function mayRetry(error: ReuploadClientError): boolean {
  return !FINAL.includes(error.code) && !FINAL_REASONS.includes(error.failureReason ?? "");
}

/** The fields of an item that its file says. */
export function fileFields(file: File) {
  return { file, name: file.name, size: file.size, type: file.type };
}

/** Calls a function of the app. What it throws is the app's own fault, seen in the console, and not the upload's. */
export function tell(callback: () => void): void {
  try {
    callback();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

/** The life of one item, from its turn to its end. Never rejects. */
export async function runItem(run: ItemRun): Promise<void> {
  const { entry, signal } = run;
  const options = run.options();
  const { client, filename } = options;
  try {
    if (!(await admit(run, options))) return;
    run.update({ state: "uploading" });
    const { file } = entry.item;
    const result = await client.uploadFile(file, {
      filename: typeof filename === "function" ? filename(file) : filename,
      projectId: options.projectId,
      isPublic: options.isPublic,
      session: entry.session,
      signal,
      onProgress: (progress) => {
        if (signal.aborted) return;
        const { uploadId = null, fileId = null } = entry.session.prepared ?? {};
        run.update({ progress, uploadId, fileId });
        tell(() => run.options().onProgress?.(progress, entry.item));
      },
    });
    if (signal.aborted) return;
    run.update({ state: "processing", uploadId: result.uploadId, fileId: result.fileId });
    run.release();
    if (options.poll === false) return;

    await client.pollUploadStatus(result.uploadId, { ...options.pollOptions, signal });
    if (signal.aborted) return;
    run.update({ state: "completed" });
    tell(() => run.options().onUploadComplete?.({ ...result, status: "COMPLETED" }, entry.item));
  } catch (thrown) {
    if (signal.aborted) return;
    const error = asClientError(thrown);
    // The server has ended this session: another try needs another one.
    if (error.code === "UPLOAD_FAILED") entry.session = {};
    run.update({ state: "error", error, canRetry: mayRetry(error) });
    tell(() => run.options().onUploadError?.(error, entry.item));
  }
}

/** Asks `onBeforeUpload`. False: the item has been left out, or was cancelled meanwhile. */
async function admit({ entry, signal, update, drop }: ItemRun, options: UploadStoreOptions): Promise<boolean> {
  if (entry.admitted) return true;
  const answer = await options.onBeforeUpload?.(entry.item.file);
  if (signal.aborted) return false;
  if (answer === false) {
    drop();
    return false;
  }
  entry.admitted = true;
  if (typeof answer === "object") {
    update(fileFields(answer));
    const refusal = validateFile(answer, options.validation);
    if (refusal) throw refusal;
  }
  return true;
}
