/** Every call, once, against the real server. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { environment } from "../../../testing/server.js";
import {
  createReuploadFromEnv,
  isReuploadCdnError,
  isReuploadError,
  putToUploadUrl,
  Reupload,
  ReuploadCdnError,
  ReuploadConnectionError,
  ReuploadError,
} from "../src/index.js";
import { aFolder, bytes, caught, client, collect, madeUp, server, uploaded } from "./kit.js";

const reupload = client();
const UNKNOWN = "00000000-0000-4000-8000-000000000000";
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

afterEach(() => vi.unstubAllEnvs());

describe("the client", () => {
  it("knows whose key it has", async () => {
    const key = await reupload.whoami();
    expect(key.permissions).toEqual(["files.read", "files.write", "files.delete"]);
    expect(key.projects.map((project) => project.id)).toContain(server.project);
  });

  it("is made from the environment", async () => {
    for (const [name, value] of Object.entries(environment(server))) vi.stubEnv(name, value);
    const made = createReuploadFromEnv({ baseUrl: undefined });
    expect(made.defaultProjectId).toBe(server.project);
    expect((await made.whoami()).allProjects).toBe(true);
    vi.stubEnv("REUPLOAD_API_KEY", " ");
    expect(() => createReuploadFromEnv()).toThrow(/REUPLOAD_API_KEY/);
  });

  it("shows its key nowhere", async () => {
    const { inspect } = await import("node:util");
    const error = await caught(client({ baseUrl: "http://127.0.0.1:9", maxRetries: 0 }).whoami());
    for (const shown of [inspect(reupload, { depth: 9 }), JSON.stringify(reupload), inspect(error, { depth: 9 })]) {
      expect(shown).not.toContain(server.key);
    }
  });

  it("wants a key and a URL", () => {
    expect(() => new Reupload({ apiKey: "" })).toThrow(/apiKey/);
    expect(() => new Reupload({ apiKey: "ru_x", baseUrl: "nowhere" })).toThrow(/URL/);
  });

  it("takes a slash at the end of its URL", async () => {
    expect((await client({ baseUrl: `${server.api}//` }).whoami()).allProjects).toBe(true);
  });
});

describe("uploads", () => {
  it("go in steps through the CDN host", async () => {
    const wanted = { filename: "a.txt", contentType: "text/plain", size: 5, folder: "in/here", metadata: { k: "v" } };
    const session = await reupload.uploads.createSession({ ...wanted, ownerRef: "user-1" });
    expect(session.expiresIn).toBe(3600);
    const put = await putToUploadUrl(session.uploadUrl, bytes("hello"), "text/plain");
    expect(put).toMatchObject({ uploadId: session.uploadId, fileId: session.fileId, sizeBytes: 5 });
    const done = await reupload.uploads.complete({ uploadId: session.uploadId });
    expect(done).toEqual({ fileId: session.fileId, status: "processing" });
    const ready = await reupload.uploads.waitForCompletion(session.uploadId, { intervalMs: 20 });
    expect(ready).toMatchObject({ session: { status: "COMPLETED" }, file: { path: "in/here/a.txt", sizeBytes: 5 } });
    const { file } = await reupload.files.get(session.fileId);
    expect(file).toMatchObject({ folder: "in/here", metadata: { k: "v" }, ownerRef: "user-1", isPublic: false });
  });

  it("go in one call through the CDN host", async () => {
    const file = { data: new File(["hello"], "b.txt", { type: "text/plain" }) };
    const told: [number, number | null][] = [];
    const done = await reupload.uploads.upload({ file }, { onProgress: (...progress) => told.push(progress) });
    expect(told.at(-1)).toEqual([5, 5]);
    const ready = await reupload.uploads.waitForCompletion(done.uploadId, { intervalMs: 20 });
    expect(ready.file).toMatchObject({ name: "b.txt", mimeType: "text/plain" });
  });

  it("take a declared size for a stream, and need one", async () => {
    const data = madeUp(100_000);
    const done = await reupload.uploads.upload({ file: { data, filename: "s.bin", size: 100_000 } });
    const ready = await reupload.uploads.waitForCompletion(done.uploadId, { intervalMs: 20 });
    expect(ready.file?.sizeBytes).toBe(100_000);
    await expect(reupload.uploads.upload({ file: { data: madeUp(5) } })).rejects.toThrow(/size is needed/);
  });

  it("go directly", async () => {
    const folder = aFolder();
    const done = await uploaded(reupload, "c.txt", folder);
    const { file } = await reupload.files.get(done.fileId);
    expect(file).toMatchObject({ name: "c.txt", folder, sizeBytes: 5, uploadedVia: "api" });
  });

  it("pass all their terms on when they go directly", async () => {
    const done = await reupload.uploads.uploadDirect({
      projectId: server.project,
      file: { data: bytes("hello"), filename: "own.txt", contentType: "text/plain" },
      filename: "given.txt",
      isPublic: true,
      metadata: { 'a"': "ü" },
      ownerRef: "user-2",
    });
    await reupload.uploads.waitForCompletion(done.uploadId, { intervalMs: 20 });
    const { file } = await reupload.files.get(done.fileId);
    expect(file).toMatchObject({ name: "given.txt", isPublic: true, metadata: { 'a"': "ü" }, ownerRef: "user-2" });
    const usage = await reupload.usage({ ownerRef: "user-2" });
    expect(usage.owner?.storedFiles).toBe(1);
  });

  it("go directly, several at once", async () => {
    const files = [1, 2, 3].map((n) => ({ data: bytes("x".repeat(n)), filename: `${n}.txt` }));
    const batch = await reupload.uploads.uploadDirectBatch({ files });
    expect(batch.files).toHaveLength(3);
    const one = await reupload.uploads.uploadDirectBatch({ files: files.slice(0, 1) });
    expect(one.files).toHaveLength(1);
    await expect(reupload.uploads.uploadDirectBatch({ files: [] })).rejects.toThrow(TypeError);
    const ready = await reupload.uploads.waitForCompletion(batch.files[2]?.uploadId ?? "", { intervalMs: 20 });
    expect(ready.file).toMatchObject({ name: "3.txt", sizeBytes: 3 });
  });

  it("can be cancelled", async () => {
    const session = await reupload.uploads.createSession({ filename: "a", contentType: "text/plain", size: 1 });
    expect(await reupload.uploads.cancelSession(session.uploadId)).toEqual({ success: true });
    const { session: after } = await reupload.uploads.getSession(session.uploadId);
    expect(after.status).toBe("CANCELLED");
    const error = await caught(reupload.uploads.waitForCompletion(session.uploadId));
    expect(error).toMatchObject({ name: "UploadFailedError", status: 409, code: "UPLOAD_CANCELLED" });
    expect(await caught(reupload.uploads.cancelSession(session.uploadId))).toMatchObject({
      code: "SESSION_NOT_ACTIVE",
    });
  });

  it("leave no reservation when the PUT is refused", async () => {
    const before = (await reupload.usage({ projectId: server.project })).projects[0]?.reservedFiles;
    const file = { data: new Blob(["hello"]), filename: "a.txt", contentType: "text/plain" };
    const error = await caught(reupload.uploads.upload({ file, contentType: "application/pdf" }));
    expect(error).toMatchObject({ status: 422, code: "CONTENT_TYPE_MISMATCH" });
    await vi.waitFor(async () => {
      const { projects } = await reupload.usage({ projectId: server.project });
      expect(projects[0]?.reservedFiles).toBe(before);
    });
  });

  it("need a project", async () => {
    const error = await caught(
      client({ defaultProjectId: undefined }).uploads.uploadDirect({ file: { data: bytes("x") } }),
    );
    expect(error).toMatchObject({ status: 400, code: "MISSING_PROJECT_ID" });
  });
});

describe("files", () => {
  it("have addresses, private and public, and pictures", async () => {
    const done = await reupload.uploads.uploadDirect({
      file: { data: PNG, filename: "p.png", contentType: "image/png" },
    });
    await reupload.uploads.waitForCompletion(done.uploadId, { intervalMs: 20 });
    const { access } = await reupload.files.access(done.fileId);
    expect(access).toMatchObject({ accessType: "cdn", expiresIn: 300, variant: "original", download: false });
    expect(Buffer.from(await (await fetch(access.url)).arrayBuffer())).toEqual(PNG);
    const thumb = await reupload.files.access(done.fileId, { variant: "thumb_64", expiresIn: 60, download: true });
    expect(thumb.access).toMatchObject({ variant: "thumb_64", expiresIn: 60, download: true });
    expect((await fetch(thumb.access.url)).headers.get("content-disposition")).toContain("attachment");
    const { file } = await reupload.files.update(done.fileId, { isPublic: true, name: "q.png", folder: undefined });
    expect(file).toMatchObject({ isPublic: true, name: "q.png" });
    expect((await reupload.files.access(done.fileId)).access).toMatchObject({
      accessType: "cdn_public",
      expiresIn: null,
    });
    const { entries } = await reupload.files.timeline(done.fileId);
    expect(entries.map((entry) => entry.step)).toEqual(
      expect.arrayContaining(["accepted", "thumbnails", "published", "updated"]),
    );
  });

  it("are listed, item by item and page by page", async () => {
    const folder = aFolder();
    for (const name of ["1.txt", "2.txt", "3.txt"]) await uploaded(reupload, name, folder);
    const list = reupload.files.list({ folder, limit: 2 });
    expect((await collect(list)).map((file) => file.name)).toEqual(["3.txt", "2.txt", "1.txt"]);
    expect((await collect(list.pages())).map((page) => page.files.length)).toEqual([2, 1]);
    expect(await collect(reupload.files.list({ folder, search: "2.t" }))).toHaveLength(1);
    expect(await collect(reupload.files.list({ folder, metadata: { none: "such" } }))).toHaveLength(0);
  });

  it("can be deleted, one, many and by folder", async () => {
    const folder = aFolder();
    const [one, two, three] = await Promise.all(["1", "2", "3"].map((name) => uploaded(reupload, name, folder)));
    if (!one || !two || !three) throw new Error("three were uploaded");
    expect(await reupload.files.delete(one.fileId)).toEqual({ success: true });
    expect(await caught(reupload.files.get(one.fileId))).toMatchObject({ status: 404, code: "NOT_FOUND" });
    const many = await reupload.files.deleteMany([one.fileId, two.fileId]);
    expect(many).toEqual({ deleted: [two.fileId], notFound: [one.fileId] });
    expect(await reupload.files.deleteFolder(folder)).toEqual({ deleted: 1, hasMore: false });
    expect(await collect(reupload.files.list({ folder }))).toHaveLength(0);
  });

  it("tell what happened", async () => {
    const end = (await reupload.events.wait({ after: "now", waitSeconds: 0 })).nextCursor ?? "";
    const done = await uploaded(reupload);
    await reupload.files.delete(done.fileId);
    const events = await collect(reupload.events.list({ after: end, limit: 1 }));
    const mine = events.filter((event) => event.data.fileId === done.fileId);
    expect(mine.map((event) => event.type)).toEqual(["file.uploaded", "file.deleted"]);
    if (mine[0]?.type === "file.uploaded") expect(mine[0].data.sizeBytes).toBe(5);
    const waiting = reupload.events.wait({ after: events.at(-1)?.id ?? "", waitSeconds: 10 });
    await uploaded(reupload, "next.txt");
    expect((await waiting).events[0]?.data).toMatchObject({ name: "next.txt" });
  });
});

describe("errors", () => {
  it("say what the API has said", async () => {
    const error = await caught(reupload.files.get(UNKNOWN));
    expect(error).toBeInstanceOf(ReuploadError);
    expect(isReuploadError(error) && !isReuploadCdnError(error)).toBe(true);
    expect(error).toMatchObject({ name: "ReuploadError", status: 404, code: "NOT_FOUND", maybeDone: false });
    expect((error as ReuploadError).requestId).toBeTruthy();
    expect((error as ReuploadError).message.length).toBeGreaterThan(5);
  });

  it.each([
    ["a key that does not exist", () => client({ apiKey: "ru_wrong" }).whoami(), 401, "UNAUTHORIZED"],
    ["seconds out of range", () => reupload.files.access(UNKNOWN, { expiresIn: 59 }), 400, "VALIDATION_ERROR"],
    ["an empty file", () => reupload.uploads.uploadDirect({ file: { data: bytes("") } }), 400, "EMPTY_FILE"],
    ["an id that would leave its path", () => reupload.files.get("../public/whoami"), 404, "NOT_FOUND"],
  ])("of %s", async (_, call, status, code) => {
    expect(await caught(call())).toMatchObject({ status, code });
  });

  it.each(["", ".", ".."])("an id that is %j is none", async (id) => {
    await expect(reupload.files.get(id)).rejects.toThrow(TypeError);
  });

  it("of the CDN host are of their own class", async () => {
    const error = await caught(putToUploadUrl(`${server.cdn}/v1/upload/none`, bytes("x"), "text/plain"));
    expect(isReuploadCdnError(error) && !isReuploadError(error)).toBe(true);
    expect(error).toBeInstanceOf(ReuploadCdnError);
    expect((error as ReuploadCdnError).status).toBeGreaterThanOrEqual(400);
    expect((error as ReuploadCdnError).code).toMatch(/^[A-Z_]+$/);
    expect((error as ReuploadCdnError).requestId).toBeTruthy();
  });

  it("when there is no answer say why", async () => {
    const error = await caught(client({ baseUrl: "http://127.0.0.1:9", maxRetries: 0 }).whoami());
    expect(error).toBeInstanceOf(ReuploadConnectionError);
    expect(error).toMatchObject({ status: 503, code: "CONNECTION_ERROR", maybeDone: true });
    expect((error as Error).message).toMatch(/^No answer from Reupload: .*(ECONNREFUSED|bad port)/);
    expect((error as Error).cause).toBeInstanceOf(TypeError);
    const cdn = await caught(putToUploadUrl("http://127.0.0.1:1", bytes("x"), "text/plain", { maxRetries: 0 }));
    expect(cdn).toMatchObject({ name: "ReuploadCdnError", status: 503, code: "CONNECTION_ERROR" });
  });

  it("when it is somebody else who answers", async () => {
    const html = async () => new Response("<html>", { status: 200 });
    expect(await caught(client({ fetch: html }).whoami())).toMatchObject({ status: 502, code: "INVALID_RESPONSE" });
    const proxy = async () => new Response("<html>", { status: 418 });
    expect(await caught(client({ fetch: proxy }).whoami())).toMatchObject({ status: 418, code: "UNKNOWN" });
  });
});
