import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createUploadStore, ReuploadClient, type UploadItem, type UploadStoreOptions } from "../src/index.js";
import { App, cut, hang, refusing } from "./support/app.js";
import { fileOf, until } from "./support/files.js";

let app: App;
let client: ReuploadClient;
const completed = vi.fn();
const failed = vi.fn();

beforeEach(async () => {
  app = await App.start();
  client = new ReuploadClient({ apiUrl: app.apiUrl, retries: 0 });
  completed.mockReset();
  failed.mockReset();
});

afterEach(() => app.stop());

function storeOf(options: Partial<UploadStoreOptions> = {}) {
  const pollOptions = { intervalMs: 5 };
  return createUploadStore({ client, pollOptions, onUploadComplete: completed, onUploadError: failed, ...options });
}

type Store = ReturnType<typeof storeOf>;
const states = (store: Store) => store.getSnapshot().items.map(({ state }) => state);
const first = (store: Store) => store.getSnapshot().items[0] as UploadItem;
/** Time enough for what must not happen. */
const pause = () => new Promise((resolve) => setTimeout(resolve, 60));

describe("a file", () => {
  test("goes from queued to completed, which is told once", async () => {
    const store = storeOf({ projectId: "p", isPublic: true, filename: (file) => `my ${file.name}` });
    const seen = new Set<string>();
    store.subscribe(() => seen.add(first(store).state));
    const ids = store.add([fileOf(5)]);
    await until(() => states(store)[0] === "completed");
    await pause();
    expect([...seen]).toEqual(["queued", "uploading", "processing", "completed"]);
    expect(first(store)).toMatchObject({ id: ids[0], uploadId: "u1", fileId: "f1", error: null, canRetry: false });
    expect(completed.mock.calls).toEqual([[{ uploadId: "u1", fileId: "f1", status: "COMPLETED" }, first(store)]]);
    expect(app.of("prepare")[0]?.json).toMatchObject({ filename: "my report.pdf", projectId: "p", isPublic: true });
  });

  test("is not completed before the server has said so", async () => {
    const store = storeOf();
    app.pendingPolls = 1_000_000;
    store.add([fileOf(5)]);
    await until(() => app.of("status").length > 2);
    expect(states(store)).toEqual(["processing"]);
    expect(completed).not.toHaveBeenCalled();
    app.pendingPolls = 0;
    await until(() => states(store)[0] === "completed");
  });

  test("ends at processing without poll", async () => {
    const store = storeOf({ poll: false });
    store.add([fileOf(5)]);
    await until(() => states(store)[0] === "processing");
    await pause();
    expect(states(store)).toEqual(["processing"]);
    expect(app.of("status")).toEqual([]);
    expect(completed).not.toHaveBeenCalled();
    expect(store.getSnapshot().totals).toMatchObject({ files: 1, finished: 1, percent: 100 });
  });

  test.each([
    ["MALWARE_DETECTED", false],
    ["SCAN_UNAVAILABLE", true],
  ])("that the server ends with %s is an error; canRetry: %s", async (failureReason, canRetry) => {
    const store = storeOf();
    app.outcome = { status: "FAILED", failureReason };
    store.add([fileOf(5)]);
    await until(() => states(store)[0] === "error");
    expect(first(store)).toMatchObject({ canRetry, error: { code: "UPLOAD_FAILED", failureReason } });
    expect(failed.mock.calls).toEqual([[first(store).error, first(store)]]);
    expect(completed).not.toHaveBeenCalled();
  });

  test("that is refused is an error that is never sent", async () => {
    const store = storeOf({ validation: { accept: ".png" } });
    store.add([fileOf(5), fileOf(0, "a.png")]);
    expect(states(store)).toEqual(["error", "error"]);
    expect(store.getSnapshot().items.map(({ error }) => error?.code)).toEqual(["FILE_TYPE_NOT_ACCEPTED", "EMPTY_FILE"]);
    store.retry();
    store.start();
    await pause();
    expect(states(store)).toEqual(["error", "error"]);
    expect(failed).toHaveBeenCalledTimes(2);
    expect(app.calls).toEqual([]);
  });

  test("waits for start without immediateUpload", async () => {
    const store = storeOf({ immediateUpload: false });
    const [one] = store.add([fileOf(5), fileOf(6)]);
    await pause();
    expect(states(store)).toEqual(["idle", "idle"]);
    expect(app.calls).toEqual([]);
    store.start(one);
    await until(() => states(store)[0] === "completed");
    expect(states(store)[1]).toBe("idle");
    store.start();
    await until(() => states(store)[1] === "completed");
    expect(completed).toHaveBeenCalledTimes(2);
  });

  test("takes the place of the one before if there may be one only", async () => {
    const store = storeOf({ multiple: false });
    app.once("put", hang);
    store.add([fileOf(5, "old")]);
    await until(() => app.of("put").length === 1);
    store.add([fileOf(6, "new"), fileOf(7, "third")]);
    expect(store.getSnapshot().items.map(({ name }) => name)).toEqual(["new"]);
    await until(() => app.of("cancel").length === 1);
    await until(() => states(store)[0] === "completed");
    store.add([]);
    expect(states(store)).toEqual(["completed"]);
    expect(completed).toHaveBeenCalledTimes(1);
  });
});

describe("the queue", () => {
  test.each([
    [undefined, 3],
    [2, 2],
    [0, 1],
  ])("sends at most so many at a time: concurrency %s", async (concurrency, most) => {
    const store = storeOf({ concurrency });
    let open = 0;
    let peak = 0;
    for (let count = 0; count < 7; count++) {
      app.once("put", async (...args) => {
        peak = Math.max(peak, ++open);
        await new Promise((resolve) => setTimeout(resolve, 20));
        open--;
        return refusing(422, "NO")(...args);
      });
    }
    store.add(Array.from({ length: 7 }, (_, at) => fileOf(at + 1)));
    expect(states(store).filter((state) => state === "queued").length).toBeGreaterThan(0);
    await until(() => store.getSnapshot().totals.failed === 7);
    expect(peak).toBe(most);
  });

  test("goes on while the server checks what came", async () => {
    const store = storeOf({ concurrency: 1 });
    app.pendingPolls = 1_000_000;
    store.add([fileOf(5), fileOf(6), fileOf(7)]);
    await until(() => states(store).every((state) => state === "processing"));
    expect(store.getSnapshot().isUploading).toBe(false);
    app.pendingPolls = 0;
    await until(() => store.getSnapshot().totals.finished === 3);
    expect(completed).toHaveBeenCalledTimes(3);
  });

  test("keeps the order in which files were added, and the same file may come twice", async () => {
    const store = storeOf({ concurrency: 1 });
    const file = fileOf(5, "b");
    const ids = store.add([file, fileOf(5, "a"), file]);
    expect(new Set(ids).size).toBe(3);
    await until(() => store.getSnapshot().totals.finished === 3);
    expect(app.of("prepare").map(({ json }) => json.filename)).toEqual(["b", "a", "b"]);
  });

  test("is widened by setOptions at once", async () => {
    const store = storeOf({ concurrency: 1 });
    app.once("put", hang, hang);
    store.add([fileOf(5), fileOf(6)]);
    await until(() => app.of("put").length === 1);
    store.setOptions({ concurrency: 2 });
    await until(() => app.of("put").length === 2);
    store.reset();
  });
});

describe("cancel", () => {
  test("stops one, tells the backend, and lets the next begin", async () => {
    const store = storeOf({ concurrency: 1 });
    app.once("put", hang);
    const [one] = store.add([fileOf(5), fileOf(6)]);
    await until(() => app.of("put").length === 1);
    store.cancel(one);
    expect(first(store)).toMatchObject({ state: "cancelled", canRetry: true, error: null, progress: null });
    await until(() => states(store)[1] === "completed");
    await until(() => app.of("cancel").length === 1);
    expect(states(store)).toEqual(["cancelled", "completed"]);
    expect(failed).not.toHaveBeenCalled();
    store.retry();
    expect(first(store).state).toBe("cancelled");
    store.retry(one);
    await until(() => states(store)[0] === "completed");
    expect(completed).toHaveBeenCalledTimes(2);
  });

  test("of all sends nothing more, not even for a moment", async () => {
    const asked: string[] = [];
    const onBeforeUpload = (file: File) => void asked.push(file.name);
    const store = storeOf({ concurrency: 1, onBeforeUpload });
    app.once("put", hang);
    store.add([fileOf(5, "a"), fileOf(6, "b"), fileOf(7, "c")]);
    await until(() => app.of("put").length === 1);
    store.cancel();
    await pause();
    expect(states(store)).toEqual(["cancelled", "cancelled", "cancelled"]);
    expect(asked).toEqual(["a"]);
    expect(app.of("prepare").length).toBe(1);
    expect(store.getSnapshot()).toMatchObject({ isUploading: false, totals: { files: 0, percent: null } });
  });

  test("does not pretend to take back what the server has", async () => {
    const store = storeOf();
    app.pendingPolls = 1_000_000;
    const [id] = store.add([fileOf(5)]);
    await until(() => states(store)[0] === "processing");
    store.cancel(id);
    store.cancel();
    expect(states(store)).toEqual(["processing"]);
    app.pendingPolls = 0;
    await until(() => states(store)[0] === "completed");
    store.cancel();
    expect(states(store)).toEqual(["completed"]);
  });

  test("frees the turn of a question that is never answered", async () => {
    const store = storeOf({
      concurrency: 1,
      onBeforeUpload: (file) => file.name !== "a" || new Promise<boolean>(() => {}),
    });
    const [one] = store.add([fileOf(5, "a"), fileOf(6, "b")]);
    await pause();
    expect(states(store)).toEqual(["queued", "queued"]);
    store.cancel(one);
    await until(() => states(store)[1] === "completed");
  });
});

describe("remove, reset and destroy", () => {
  test("remove takes an item off, and stops it", async () => {
    const store = storeOf();
    app.once("put", hang);
    const [one, two] = store.add([fileOf(5), fileOf(6)]);
    await until(() => app.of("put").length === 2);
    store.remove(one as string);
    store.remove("unknown");
    expect(store.getSnapshot().items.map(({ id }) => id)).toEqual([two]);
    await until(() => app.of("cancel").length === 1);
    await until(() => completed.mock.calls.length === 1);
    await pause();
    expect(failed).not.toHaveBeenCalled();
  });

  test("remove gives back the room of a failed try's session", async () => {
    const store = storeOf();
    app.once("put", cut);
    const [id] = store.add([fileOf(5)]);
    await until(() => states(store)[0] === "error");
    expect(app.of("cancel")).toEqual([]);
    store.remove(id as string);
    await until(() => app.sessions.get("u1")?.status === "CANCELLED");
  });

  test("a file that the server has is left to it", async () => {
    const store = storeOf();
    app.pendingPolls = 1_000_000;
    store.add([fileOf(5)]);
    await until(() => states(store)[0] === "processing");
    store.destroy();
    const questions = app.of("status").length;
    await pause();
    expect(app.of("status").length).toBeLessThanOrEqual(questions + 1);
    expect(app.of("cancel")).toEqual([]);
    expect(completed).not.toHaveBeenCalled();
  });

  test("destroy stops all, and the store can be used again", async () => {
    const store = storeOf({ concurrency: 1 });
    app.once("put", hang);
    store.add([fileOf(5), fileOf(6)]);
    await until(() => app.of("put").length === 1);
    store.destroy();
    expect(store.getSnapshot().items).toEqual([]);
    await until(() => app.of("cancel").length === 1);
    await pause();
    expect(app.of("prepare").length).toBe(1);
    store.add([fileOf(7)]);
    await until(() => states(store)[0] === "completed");
    expect(completed).toHaveBeenCalledTimes(1);
  });
});

describe("retry", () => {
  test("sends the bytes again to the session that still stands", async () => {
    const store = storeOf();
    app.once("put", cut);
    store.add([fileOf(5)]);
    await until(() => states(store)[0] === "error");
    expect(first(store)).toMatchObject({ canRetry: true, error: { code: "NETWORK_ERROR" }, uploadId: "u1" });
    store.retry();
    expect(first(store)).toMatchObject({ state: "queued", error: null, canRetry: false, progress: null });
    await until(() => states(store)[0] === "completed");
    expect([app.of("prepare").length, app.of("put").length]).toEqual([1, 2]);
    expect(completed).toHaveBeenCalledTimes(1);
    expect(failed).toHaveBeenCalledTimes(1);
  });

  test("makes a new session when the old one is dead, and after a failure of processing", async () => {
    const store = storeOf();
    app.once("put", refusing(410, "SESSION_EXPIRED"));
    store.add([fileOf(5)]);
    await until(() => states(store)[0] === "error");
    app.outcome = { status: "FAILED", failureReason: "STORAGE_ERROR" };
    store.retry();
    await until(() => failed.mock.calls.length === 2);
    app.outcome = { status: "COMPLETED", failureReason: null };
    store.retry();
    await until(() => states(store)[0] === "completed");
    expect(first(store).uploadId).toBe("u3");
  });

  test("only asks again if only the questions failed", async () => {
    const store = storeOf();
    app.once("status", refusing(500, "INTERNAL_ERROR"));
    store.add([fileOf(5)]);
    await until(() => states(store)[0] === "error");
    store.retry();
    await until(() => states(store)[0] === "completed");
    expect([app.of("prepare").length, app.of("put").length, app.of("complete").length]).toEqual([1, 1, 1]);
    expect(completed).toHaveBeenCalledTimes(1);
  });

  test("leaves alone what goes well", async () => {
    const store = storeOf();
    const [id] = store.add([fileOf(5)]);
    store.retry(id);
    await until(() => states(store)[0] === "completed");
    store.retry(id);
    await pause();
    expect(app.of("prepare").length).toBe(1);
    expect(completed).toHaveBeenCalledTimes(1);
  });
});

describe("onBeforeUpload", () => {
  test("false leaves the file out", async () => {
    const store = storeOf({ onBeforeUpload: async (file) => file.name !== "secret" });
    store.add([fileOf(5, "secret"), fileOf(6, "open")]);
    await until(() => store.getSnapshot().totals.finished === 1);
    expect(store.getSnapshot().items.map(({ name }) => name)).toEqual(["open"]);
    expect(app.of("prepare").length).toBe(1);
    expect(failed).not.toHaveBeenCalled();
  });

  test("a File is uploaded instead, and is asked for once", async () => {
    const asked = vi.fn((file: File) => new File(["smaller"], `${file.name}.webp`, { type: "image/webp" }));
    const store = storeOf({ onBeforeUpload: asked });
    app.once("put", cut);
    store.add([fileOf(500, "a")]);
    await until(() => states(store)[0] === "error");
    store.retry();
    await until(() => states(store)[0] === "completed");
    expect(asked).toHaveBeenCalledTimes(1);
    expect(first(store)).toMatchObject({ name: "a.webp", size: 7, type: "image/webp" });
    expect(app.sessions.get("u1")?.bytes?.toString()).toBe("smaller");
  });

  test("the other file is judged too", async () => {
    const store = storeOf({ validation: { maxBytes: 6 }, onBeforeUpload: () => fileOf(7) });
    store.add([fileOf(5)]);
    await until(() => states(store)[0] === "error");
    expect(first(store)).toMatchObject({ canRetry: false, error: { code: "FILE_TOO_LARGE" } });
    expect(app.calls).toEqual([]);
  });

  test("what it throws is the item's error", async () => {
    const thrown = new Error("Please log in first.");
    const store = storeOf({ onBeforeUpload: () => Promise.reject(thrown) });
    store.add([fileOf(5)]);
    await until(() => states(store)[0] === "error");
    const expected = { code: "UNKNOWN_ERROR", message: "Please log in first.", cause: thrown };
    expect(first(store)).toMatchObject({ canRetry: true, error: expected });
    store.setOptions({ onBeforeUpload: undefined });
    store.retry();
    await until(() => states(store)[0] === "completed");
  });
});

describe("snapshots", () => {
  test("are the same until something changes, and never change", async () => {
    const store = storeOf({ immediateUpload: false });
    const empty = store.getSnapshot();
    expect(store.getSnapshot()).toBe(empty);
    expect(empty).toEqual({
      items: [],
      totals: { files: 0, finished: 0, failed: 0, loaded: 0, total: 0, percent: null },
      isUploading: false,
    });
    store.add([fileOf(5), fileOf(6)]);
    const before = store.getSnapshot();
    expect(before).not.toBe(empty);
    expect(store.getSnapshot()).toBe(before);
    const copy = structuredClone({ ...before, items: before.items.map(({ file: _, ...item }) => item) });
    store.start(before.items[0]?.id);
    const after = store.getSnapshot();
    expect(before.items.map(({ file: _, ...item }) => item)).toEqual(copy.items);
    expect(after.items[0]).not.toBe(before.items[0]);
    expect(after.items[1]).toBe(before.items[1]);
    store.reset();
  });

  test("sum up what counts", async () => {
    const store = storeOf({ validation: { maxBytes: 100 }, immediateUpload: false });
    const [, , third] = store.add([fileOf(60), fileOf(40), fileOf(50), fileOf(101)]);
    store.cancel(third);
    const { totals } = store.getSnapshot();
    expect(totals).toEqual({ files: 3, finished: 0, failed: 1, loaded: 0, total: 100, percent: 0 });
    store.start(store.getSnapshot().items[0]?.id);
    expect(store.getSnapshot().isUploading).toBe(true);
    await until(() => states(store)[0] === "completed");
    expect(store.getSnapshot().totals).toMatchObject({ finished: 1, loaded: 60, percent: 60 });
    expect(store.getSnapshot().isUploading).toBe(false);
  });

  test("a listener that was taken off is not called, and one that throws hurts nobody", async () => {
    const thrown: unknown[] = [];
    const catcher = (error: unknown) => thrown.push(error);
    process.on("uncaughtException", catcher);
    const earlier = process.listeners("uncaughtException").filter((one) => one !== catcher);
    for (const listener of earlier) process.off("uncaughtException", listener);
    try {
      const store = storeOf({
        onUploadComplete: () => {
          throw new Error("of the app");
        },
      });
      const heard = vi.fn();
      store.subscribe(heard)();
      store.add([fileOf(5)]);
      await until(() => states(store)[0] === "completed");
      await pause();
      expect(states(store)).toEqual(["completed"]);
      expect(thrown).toEqual([new Error("of the app")]);
      expect(heard).not.toHaveBeenCalled();
    } finally {
      process.off("uncaughtException", catcher);
      for (const listener of earlier) process.on("uncaughtException", listener);
    }
  });

  test("progress is told with the item it belongs to", async () => {
    const told = vi.fn();
    const store = storeOf({ onProgress: told });
    const [id] = store.add([fileOf(5)]);
    await until(() => states(store)[0] === "completed");
    const phases = told.mock.calls.map(([progress]) => progress.phase);
    expect(new Set(phases)).toEqual(new Set(["prepare", "cdn", "complete"]));
    expect(told.mock.calls.every(([progress, item]) => item.id === id && item.progress === progress)).toBe(true);
  });
});
