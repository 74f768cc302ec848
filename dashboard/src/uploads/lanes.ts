import type { UploadItem, UploadSnapshot, UploadStore } from "@reupload/client";

/** Where files go. `folder` is empty for the top. */
export type Target = { workspace: string; project: string; folder: string };

/** One file in the tray. */
export type Sent = { item: UploadItem; target: Target; store: UploadStore };

export type UploadsSnapshot = {
  /** In the order in which they were added. */
  files: readonly Sent[];
  /** All but the cancelled. */
  count: number;
  finished: number;
  failed: number;
  /** 0 to 1 of all bytes; null with none to count. */
  part: number | null;
  isUploading: boolean;
};

const NONE: UploadsSnapshot = { files: [], count: 0, finished: 0, failed: 0, part: null, isUploading: false };

/**
 * The uploads of this window, apart from any page, so that they go on while somebody looks around. Each target has a store
 * of its own: a file that waits for its turn must not go where a later one is meant to.
 */
export function createUploads(makeStore: (target: Target) => UploadStore) {
  const lanes = new Map<string, { target: Target; store: UploadStore }>();
  const listeners = new Set<() => void>();
  let snapshot = NONE;

  const laneOf = (target: Target) => {
    const key = JSON.stringify([target.workspace, target.project, target.folder]);
    const found = lanes.get(key);
    if (found) return found;
    const lane = { target, store: makeStore(target) };
    lane.store.subscribe(renew);
    lanes.set(key, lane);
    return lane;
  };

  function renew(): void {
    snapshot = summary([...lanes.values()].map(({ target, store }) => ({ target, store, now: store.getSnapshot() })));
    for (const listener of listeners) listener();
  }

  const each = (act: (store: UploadStore) => void) => {
    for (const { store } of lanes.values()) act(store);
  };

  return {
    add: (target: Target, files: Iterable<File>) => laneOf(target).store.add(files),
    retryAll: () => each((store) => store.retry()),
    /** Forgets everything, and cancels what still runs. */
    reset: () => each((store) => store.reset()),
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getSnapshot: () => snapshot,
  };
}

type Lane = { target: Target; store: UploadStore; now: UploadSnapshot };

function summary(lanes: readonly Lane[]): UploadsSnapshot {
  const files = lanes.flatMap(({ target, store, now }) => now.items.map((item) => ({ item, target, store })));
  if (files.length === 0) return NONE;
  const sum = (pick: (now: UploadSnapshot) => number) => lanes.reduce((total, { now }) => total + pick(now), 0);
  const total = sum((now) => now.totals.total);
  return {
    files,
    count: sum((now) => now.totals.files),
    finished: sum((now) => now.totals.finished),
    failed: sum((now) => now.totals.failed),
    part: total > 0 ? sum((now) => now.totals.loaded) / total : null,
    isUploading: lanes.some(({ now }) => now.isUploading),
  };
}
