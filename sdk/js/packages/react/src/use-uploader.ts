import {
  createUploadStore,
  type FileValidation,
  type ReuploadClient,
  type UploadStore,
  type UploadStoreOptions,
} from "@reupload/client";
import { type ChangeEvent, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useResolvedOptions } from "./context.js";
import { defaultLabels } from "./labels.js";
import { DROP_LIMIT, type Gathered } from "./transfer.js";
import type { Uploader, UploaderOptions } from "./types.js";
import { useFileDrop } from "./use-file-drop.js";

type ResolvedOptions = UploaderOptions & { readonly client: ReuploadClient };

/** The rules for a file: `accept` goes before the one in `validation`. */
function rulesOf({ accept, validation }: UploaderOptions): FileValidation {
  return accept === undefined ? { ...validation } : { ...validation, accept };
}

/** All of the store's options, so that one which is taken away falls back to its default. */
function storeOptions(options: ResolvedOptions, latest: () => ResolvedOptions): UploadStoreOptions {
  const { client, filename, projectId, isPublic } = options;
  return {
    client,
    validation: rulesOf(options),
    concurrency: options.concurrency ?? 3,
    poll: options.poll ?? true,
    pollOptions: options.pollOptions ?? {},
    immediateUpload: options.immediateUpload ?? true,
    multiple: options.multiple ?? true,
    filename,
    projectId,
    isPublic,
    onBeforeUpload: (file) => latest().onBeforeUpload?.(file),
    onUploadComplete: (result, item) => latest().onUploadComplete?.(result, item),
    onUploadError: (error, item) => latest().onUploadError?.(error, item),
    onProgress: (progress, item) => latest().onProgress?.(progress, item),
  };
}

/** One store for the life of the component, with the options of the last render. Leaving the page aborts what runs. */
function useStore(options: ResolvedOptions): UploadStore {
  const latest = useRef(options);
  const [store] = useState(() => createUploadStore(storeOptions(options, () => latest.current)));
  useEffect(() => {
    latest.current = options;
    store.setOptions(storeOptions(options, () => latest.current));
  });
  useEffect(() => () => store.destroy(), [store]);
  return store;
}

/**
 * Everything that an uploader needs, without a look of its own: the list of files and what can be done with it, and the
 * props for an input, a drop area and a place to paste. Uploads stop when the component unmounts.
 */
export function useUploader(options: UploaderOptions = {}): Uploader {
  const resolved = useResolvedOptions(options);
  const { disabled = false, multiple = true, poll = true, paste = "within" } = resolved;
  const labels = { ...defaultLabels, ...resolved.labels };
  const validation = rulesOf(resolved);
  const store = useStore(resolved);
  const snapshot = useSyncExternalStore(store.subscribe, store.getSnapshot, store.getSnapshot);
  const input = useRef<HTMLInputElement>(null);
  const [notice, setNotice] = useState<string | null>(null);

  const take = ({ files, problem }: Gathered) => {
    const surplus = !multiple && files.length > 1;
    if (problem === "folder") setNotice(labels.folderUnreadable);
    else if (problem === "limit") setNotice(labels.tooManyFiles(DROP_LIMIT));
    else setNotice(surplus ? labels.onlyOne : null);
    if (files.length > 0) store.add(surplus ? files.slice(0, 1) : files);
  };
  const drop = useFileDrop({ disabled, paste, onGathered: take });

  return {
    ...snapshot,
    ...drop,
    add: store.add,
    start: store.start,
    cancel: store.cancel,
    retry: store.retry,
    remove: store.remove,
    reset: store.reset,
    open: () => input.current?.click(),
    inputProps: {
      ref: input,
      type: "file",
      hidden: true,
      multiple,
      disabled,
      accept: validation.accept,
      "aria-label": labels.choose(multiple),
      onChange: (event: ChangeEvent<HTMLInputElement>) => {
        take({ files: Array.from(event.target.files ?? []), problem: null });
        // The same file, chosen again, must be a change again.
        event.target.value = "";
      },
    },
    notice,
    validation,
    multiple,
    disabled,
    poll,
    labels,
    store,
  };
}
