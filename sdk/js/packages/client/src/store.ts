import { type Entry, fileFields, runItem, tell } from "./item-run.js";
import type { UploadItem, UploadItemState, UploadSnapshot, UploadStore, UploadStoreOptions } from "./store-types.js";
import { totalsOf } from "./totals.js";
import { validateFile } from "./validate.js";

const DEFAULT_CONCURRENCY = 3;
const STOPPABLE: readonly UploadItemState[] = ["idle", "queued", "uploading"];

/** Over all stores of the page, so that ids may serve in its markup. Not random: `crypto.randomUUID` is missing without https. */
let lastId = 0;

/** A list of files that are uploaded, for any framework: React reads it by `useSyncExternalStore`. */
export function createUploadStore(initial: UploadStoreOptions): UploadStore {
  let options = { ...initial };
  let snapshot: UploadSnapshot | null = null;
  let sending = 0;
  const entries = new Map<string, Entry>();
  const listeners = new Set<() => void>();

  const emit = () => {
    snapshot = null;
    for (const listener of [...listeners]) tell(listener);
  };

  const update = (entry: Entry, patch: Partial<UploadItem>) => {
    entry.item = { ...entry.item, ...patch };
    emit();
  };

  /** The item of that id, or without one all of them, if they are in one of the states. */
  const select = (id: string | undefined, ...states: readonly UploadItemState[]) =>
    [...entries.values()].filter(({ item }) => (id === undefined || item.id === id) && states.includes(item.state));

  const pump = () => {
    for (const entry of entries.values()) {
      if (sending >= Math.max(1, options.concurrency ?? DEFAULT_CONCURRENCY)) return;
      if (entry.item.state === "queued" && !entry.run) begin(entry);
    }
  };

  const begin = (entry: Entry) => {
    const run = new AbortController();
    entry.run = run;
    sending++;
    let holds = true;
    const release = () => {
      if (!holds) return;
      holds = false;
      sending--;
      pump();
    };
    // Not only when it ends: an `onBeforeUpload` that never answers must not keep its turn after a cancel.
    run.signal.addEventListener("abort", release);
    void runItem({
      entry,
      signal: run.signal,
      options: () => options,
      update: (patch) => update(entry, patch),
      drop: () => remove([entry]),
      release,
    }).then(() => {
      if (entry.run === run) entry.run = null;
      release();
    });
  };

  const enqueue = (chosen: Entry[]) => {
    for (const entry of chosen) update(entry, { state: "queued", progress: null, error: null, canRetry: false });
    pump();
  };

  const stop = (chosen: readonly Entry[]) => {
    const runs = chosen.map((entry) => {
      const { item, run } = entry;
      const { prepared, result } = entry.session;
      // What `uploadFile` is at, it tells the backend of itself; a failed try's session waits here for a retry that will not come.
      if (item.state !== "uploading" && prepared && !result) void options.client.cancelUpload(prepared.uploadId);
      entry.item = { ...item, state: "cancelled", progress: null, error: null, canRetry: true };
      entry.session = {};
      entry.run = null;
      return run;
    });
    // Only now: the turn that one gives back must not go to the next that is to be stopped.
    for (const run of runs) run?.abort();
    emit();
  };

  const remove = (chosen: readonly Entry[]) => {
    for (const { item } of chosen) entries.delete(item.id);
    stop(chosen);
  };

  const reset = () => remove([...entries.values()]);

  const newEntry = (file: File): Entry => {
    const error = validateFile(file, options.validation);
    const ready = options.immediateUpload === false ? "idle" : "queued";
    const item: UploadItem = {
      id: `reupload-${++lastId}`,
      ...fileFields(file),
      state: error ? "error" : ready,
      progress: null,
      uploadId: null,
      fileId: null,
      error,
      canRetry: false,
    };
    return { item, session: {}, run: null, admitted: false };
  };

  return {
    getSnapshot() {
      if (!snapshot) {
        const items = [...entries.values()].map(({ item }) => item);
        const isUploading = items.some(({ state }) => state === "queued" || state === "uploading");
        snapshot = { items, totals: totalsOf(items, options.poll !== false), isUploading };
      }
      return snapshot;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    add(files) {
      const taken = [...files].slice(0, options.multiple === false ? 1 : undefined);
      if (taken.length > 0 && options.multiple === false) reset();
      const added = taken.map(newEntry);
      for (const entry of added) entries.set(entry.item.id, entry);
      if (added.length > 0) emit();
      for (const { item } of added) {
        const { error } = item;
        if (error) tell(() => options.onUploadError?.(error, item));
      }
      pump();
      return added.map(({ item }) => item.id);
    },
    start: (id) => enqueue(select(id, "idle")),
    cancel: (id) => stop(select(id, ...STOPPABLE)),
    retry(id) {
      const states: UploadItemState[] = id === undefined ? ["error"] : ["error", "cancelled"];
      enqueue(select(id, ...states).filter(({ item }) => item.canRetry));
    },
    remove(id) {
      const entry = entries.get(id);
      if (entry) remove([entry]);
    },
    reset,
    setOptions(changes) {
      options = { ...options, ...changes };
      pump();
    },
    destroy: reset,
  };
}
