import type { ReuploadClient } from "./client.js";
import type { ReuploadClientError } from "./errors.js";
import type { FileValidation, PollOptions, UploadProgress, UploadResult } from "./types.js";

/**
 * `idle`: waits for `start`. `queued`: waits for its turn or for `onBeforeUpload`. `processing`: the bytes are safe and the server
 * checks them. `completed`: the server has said so.
 */
export type UploadItemState = "idle" | "queued" | "uploading" | "processing" | "completed" | "error" | "cancelled";

/** One file of a store. `size` is in bytes. */
export interface UploadItem {
  readonly id: string;
  readonly file: File;
  readonly name: string;
  readonly size: number;
  readonly type: string;
  readonly state: UploadItemState;
  readonly progress: UploadProgress | null;
  readonly uploadId: string | null;
  readonly fileId: string | null;
  readonly error: ReuploadClientError | null;
  /** Whether `retry` would do anything: false for a file that would be refused again. */
  readonly canRetry: boolean;
}

/** Sums over the items. `loaded` and `total` are in bytes, without what failed or was cancelled; `percent` is null with no bytes to count. */
export interface UploadTotals {
  /** All but the cancelled. */
  readonly files: number;
  /** Completed, or without `poll`: with the server. */
  readonly finished: number;
  readonly failed: number;
  readonly loaded: number;
  readonly total: number;
  readonly percent: number | null;
}

/** The store at one moment. It does not change: a change makes another one. */
export interface UploadSnapshot {
  readonly items: readonly UploadItem[];
  readonly totals: UploadTotals;
  /** Whether bytes are under way or wait for their turn: leaving the page would lose them. */
  readonly isUploading: boolean;
}

export interface UploadStoreOptions {
  client: ReuploadClient;
  /** How many files are sent at the same time. 3. */
  concurrency?: number | undefined;
  validation?: FileValidation | undefined;
  /** Whether to wait until the server has checked a file. True; false: an item ends at `processing`. */
  poll?: boolean | undefined;
  /** How the store polls. Its `signal` is not used: `cancel` and `remove` end an item. */
  pollOptions?: PollOptions | undefined;
  /** Whether a file is sent as soon as it is added. True; false: `start` sends it. */
  immediateUpload?: boolean | undefined;
  filename?: string | ((file: File) => string) | undefined;
  projectId?: string | undefined;
  isPublic?: boolean | undefined;
  /** False: one file, and another one takes its place. True. */
  multiple?: boolean | undefined;
  /** Asked once for each file when its turn comes. False leaves it out, a File is uploaded instead. */
  // biome-ignore lint/suspicious/noConfusingVoidType: a function that answers nothing, also an async one, means yes.
  onBeforeUpload?: ((file: File) => boolean | void | File | Promise<boolean | void | File>) | undefined;
  /** Once for each file, after the server has said COMPLETED. */
  onUploadComplete?: ((result: UploadResult, item: UploadItem) => void) | undefined;
  /** Also for files that are refused before anything is sent; not for cancelled ones. */
  onUploadError?: ((error: ReuploadClientError, item: UploadItem) => void) | undefined;
  onProgress?: ((progress: UploadProgress, item: UploadItem) => void) | undefined;
}

/** A list of files on their way. The methods need no `this`. */
export interface UploadStore {
  getSnapshot(): UploadSnapshot;
  /** Calls the listener after each change; the answer ends that. */
  subscribe(listener: () => void): () => void;
  /** Adds files, and returns their items' ids. */
  add(files: Iterable<File>): readonly string[];
  /** Sends an `idle` item, or all of them. */
  start(id?: string): void;
  /** Stops what is `idle`, `queued` or `uploading`. A `processing` file can no longer be taken back. */
  cancel(id?: string): void;
  /** Tries again: an item in `error` or `cancelled`, or all in `error`, as far as they `canRetry`. */
  retry(id?: string): void;
  /** Takes an item off the list; stops it if it is under way. A file that the server has stays there. */
  remove(id: string): void;
  /** Removes all items. */
  reset(): void;
  /** Changes options. A file whose turn has come keeps those it began with, except the last three functions. */
  setOptions(options: Partial<UploadStoreOptions>): void;
  /** As `reset`, for when the store is no longer needed. It can be used again nonetheless: React's StrictMode does that. */
  destroy(): void;
}
