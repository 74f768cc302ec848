"use client";

import { useEffect, useState, useSyncExternalStore } from "react";
import type { ReuploadClient } from "./client.js";
import { createReuploadClientFromEnv } from "./env.js";
import type { ReuploadClientError } from "./errors.js";
import { createUploadStore } from "./store.js";
import type { UploadItem, UploadStore } from "./store-types.js";
import type { FileValidation, PollOptions, UploadProgress, UploadResult } from "./types.js";

export interface UseReuploadUploadOptions {
  /** Without it: `createReuploadClientFromEnv()`, made once. */
  readonly client?: ReuploadClient | undefined;
  readonly validation?: FileValidation | undefined;
  /** Whether to wait until the server has checked the file. True; false: it ends at `processing`. */
  readonly poll?: boolean | undefined;
  readonly pollOptions?: PollOptions | undefined;
}

/** How one file is uploaded. */
export interface UploadCallOptions {
  readonly filename?: string | undefined;
  readonly projectId?: string | undefined;
  readonly isPublic?: boolean | undefined;
}

/** `completed` only when the server has said COMPLETED. `processing`: the bytes are safe, and it checks them. */
export type UploadState =
  | { readonly status: "idle" }
  | { readonly status: "uploading"; readonly progress?: UploadProgress }
  | { readonly status: "processing"; readonly result: UploadResult }
  | { readonly status: "completed"; readonly result: UploadResult }
  | { readonly status: "error"; readonly error: ReuploadClientError };

export interface UseReuploadUpload {
  readonly client: ReuploadClient;
  readonly state: UploadState;
  /**
   * Uploads a file; one that is under way is cancelled. Resolves when the state is at its end, with null if that is not a success: the
   * error is in `state`. Never rejects.
   */
  readonly upload: (file: File, options?: UploadCallOptions) => Promise<UploadResult | null>;
  /** Stops what is under way, and goes back to `idle`. */
  readonly reset: () => void;
  /** Whether bytes are under way: leaving the page would lose them. */
  readonly isUploading: boolean;
}

/** One upload at a time, with its state for rendering. Unmounting stops it. For many files: `createUploadStore`. */
export function useReuploadUpload(options: UseReuploadUploadOptions = {}): UseReuploadUpload {
  const { client: given, validation, poll, pollOptions } = options;
  const [hook] = useState(() => makeHook(given ?? createReuploadClientFromEnv()));
  const client = given ?? hook.client;
  useEffect(() => hook.store.setOptions({ client, validation, poll, pollOptions }));
  useEffect(() => () => hook.store.destroy(), [hook]);
  const { items, isUploading } = useSyncExternalStore(
    hook.store.subscribe,
    hook.store.getSnapshot,
    hook.store.getSnapshot,
  );
  return { client, state: stateOf(items[0]), upload: hook.upload, reset: hook.store.reset, isUploading };
}

function makeHook(client: ReuploadClient) {
  const store = createUploadStore({ client, multiple: false });
  const upload = (file: File, { filename, projectId, isPublic }: UploadCallOptions = {}) => {
    store.setOptions({ filename, projectId, isPublic });
    const [id] = store.add([file]);
    return ended(store, id);
  };
  return { client, store, upload };
}

function ended(store: UploadStore, id: string | undefined): Promise<UploadResult | null> {
  return new Promise((resolve) => {
    const look = () => {
      const { items, totals } = store.getSnapshot();
      const item = items.find((one) => one.id === id);
      // The store holds one item: `finished` is whether it is at its end, which depends on `poll`.
      const success = item && totals.finished > 0;
      if (item && !success && item.state !== "error" && item.state !== "cancelled") return;
      unsubscribe();
      resolve(success ? resultOf(item) : null);
    };
    const unsubscribe = store.subscribe(look);
    look();
  });
}

function stateOf(item: UploadItem | undefined): UploadState {
  if (!item) return { status: "idle" };
  if (item.state === "error" && item.error) return { status: "error", error: item.error };
  if (item.state === "processing" || item.state === "completed") return { status: item.state, result: resultOf(item) };
  if (item.state === "cancelled") return { status: "idle" };
  return { status: "uploading", ...(item.progress ? { progress: item.progress } : {}) };
}

function resultOf({ uploadId, fileId, state }: UploadItem): UploadResult {
  return { uploadId: uploadId ?? "", fileId: fileId ?? "", status: state === "completed" ? "COMPLETED" : "processing" };
}
