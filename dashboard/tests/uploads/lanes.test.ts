import { createUploadStore, ReuploadClient } from "@reupload/client";
import { expect, it, vi } from "vitest";
import { createUploads, type Target } from "@/uploads/lanes";

const file = (name: string, size = 10) => new File([new Uint8Array(size)], name, { type: "text/plain" });
const to = (project: string, folder = ""): Target => ({ workspace: "w", project, folder });

/** Stores that take files and wait: what is sent, and how, is the client's own test. */
function setup() {
  const made: Target[] = [];
  const uploads = createUploads((target) => {
    made.push(target);
    const client = new ReuploadClient({ apiUrl: "https://app.test", fetch: () => new Promise(() => {}) });
    return createUploadStore({ client, projectId: target.project, immediateUpload: false });
  });
  return { uploads, made };
}

it("gives each target a store of its own, and the same one again", () => {
  const { uploads, made } = setup();
  uploads.add(to("p1"), [file("a")]);
  uploads.add(to("p1", "x"), [file("b")]);
  uploads.add(to("p2"), [file("c")]);
  uploads.add(to("p1"), [file("d")]);
  expect(made).toEqual([to("p1"), to("p1", "x"), to("p2")]);
  const where = uploads.getSnapshot().files.map(({ item, target }) => [item.name, target.project, target.folder]);
  expect(where).toEqual([
    ["a", "p1", ""],
    ["d", "p1", ""],
    ["b", "p1", "x"],
    ["c", "p2", ""],
  ]);
});

it("sums up over all of them, and tells who listens", () => {
  const { uploads } = setup();
  const listener = vi.fn();
  const leave = uploads.subscribe(listener);
  uploads.add(to("p1"), [file("a"), file("b")]);
  uploads.add(to("p2"), [file("c")]);
  expect(listener).toHaveBeenCalled();
  expect(uploads.getSnapshot()).toMatchObject({ count: 3, finished: 0, failed: 0, part: 0 });
  expect(uploads.getSnapshot()).toBe(uploads.getSnapshot());
  leave();
  listener.mockClear();
  uploads.reset();
  expect(listener).not.toHaveBeenCalled();
  expect(uploads.getSnapshot().files).toEqual([]);
});

it("counts an empty file as failed, and has no bytes to count then", () => {
  const { uploads } = setup();
  uploads.add(to("p1"), [file("empty", 0)]);
  expect(uploads.getSnapshot()).toMatchObject({ failed: 1, part: null });
});
