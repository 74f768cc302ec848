import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { isReuploadClientError, ReuploadClient, ReuploadClientError, type UploadProgress } from "../src/index.js";
import { App, answering, cut, refusing } from "./support/app.js";
import { bytesOf, fileOf } from "./support/files.js";

let app: App;
let client: ReuploadClient;

beforeEach(async () => {
  app = await App.start();
  client = new ReuploadClient({ apiUrl: app.apiUrl });
  vi.spyOn(Math, "random").mockReturnValue(0);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await app.stop();
});

describe("uploadFile", () => {
  test("makes a session, sends the bytes, and says that they are there", async () => {
    const result = await client.uploadFile(fileOf(300_000), { projectId: "p1", isPublic: true });
    expect(result).toEqual({ uploadId: "u1", fileId: "f1", status: "processing" });
    expect(app.of("prepare")[0]?.json).toEqual({
      filename: "report.pdf",
      contentType: "application/pdf",
      size: 300_000,
      projectId: "p1",
      isPublic: true,
    });
    expect(app.sessions.get("u1")?.bytes?.equals(bytesOf(300_000))).toBe(true);
    expect(app.of("complete").map(({ json }) => json)).toEqual([{ uploadId: "u1" }]);
    expect(app.of("cancel")).toEqual([]);
  });

  test("what is not given is not sent", async () => {
    await client.uploadFile(fileOf(3, "a", ""));
    expect(app.of("prepare")[0]?.json).toEqual({ filename: "a", contentType: "application/octet-stream", size: 3 });
    expect(app.of("put")[0]?.headers["content-type"]).toBe("application/octet-stream");
  });

  test("the bytes go without credentials and without the backend's headers", async () => {
    client = new ReuploadClient({ apiUrl: app.apiUrl, credentials: "include", headers: { Authorization: "Bearer x" } });
    await client.uploadFile(fileOf(3));
    const { headers } = app.of("put")[0] ?? {};
    expect(headers).not.toHaveProperty("authorization");
    expect(headers).not.toHaveProperty("cookie");
    expect(headers).toHaveProperty("content-length", "3");
    expect(app.of("complete")[0]?.headers.authorization).toBe("Bearer x");
  });

  test("names may be in any script, and another than the file's", async () => {
    await client.uploadFile(fileOf(1, "отчёт – 報告 🗂.pdf"));
    await client.uploadFile(fileOf(1), { filename: "Ω/ñ.pdf" });
    await client.uploadFile(new Blob(["x"]));
    expect(app.of("prepare").map(({ json }) => json.filename)).toEqual(["отчёт – 報告 🗂.pdf", "Ω/ñ.pdf", "blob"]);
  });

  test("an empty file is refused before anything is sent", async () => {
    await expect(client.uploadFile(fileOf(0))).rejects.toMatchObject({ code: "EMPTY_FILE", status: 0 });
    expect(app.calls).toEqual([]);
  });

  // jsdom tells no progress between the ends: browser.test.ts looks at that.
  test("progress never goes back, and is at 100 before complete", async () => {
    const seen: UploadProgress[] = [];
    let completesWhenFull = -1;
    await client.uploadFile(fileOf(300_000), {
      onProgress: (progress) => {
        seen.push(progress);
        if (progress.phase === "cdn" && progress.percent === 100) completesWhenFull = app.of("complete").length;
      },
    });
    expect(seen[0]).toEqual({ percent: 0, loaded: 0, total: 300_000, phase: "prepare" });
    expect(seen.at(-1)).toEqual({ percent: 100, loaded: 300_000, total: 300_000, phase: "complete" });
    expect(completesWhenFull).toBe(0);
    expect(seen.map(({ loaded }) => loaded)).toEqual(seen.map(({ loaded }) => loaded).toSorted((a, b) => a - b));
    expect(new Set(seen.map(({ phase }) => phase))).toEqual(new Set(["prepare", "cdn", "complete"]));
  });

  test("goes on with the session of a try that failed", async () => {
    client = new ReuploadClient({ apiUrl: app.apiUrl, retries: 0 });
    const session = {};
    app.once("put", cut);
    await expect(client.uploadFile(fileOf(5), { session })).rejects.toMatchObject({
      code: "NETWORK_ERROR",
      phase: "cdn",
    });
    app.once("complete", cut);
    await expect(client.uploadFile(fileOf(5), { session })).rejects.toMatchObject({ code: "NETWORK_ERROR" });
    await expect(client.uploadFile(fileOf(5), { session })).resolves.toMatchObject({ uploadId: "u1" });
    await expect(client.uploadFile(fileOf(5), { session })).resolves.toMatchObject({ uploadId: "u1" });
    expect(["prepare", "put", "complete"].map((route) => app.of(route as "put").length)).toEqual([1, 2, 2]);
  });

  test.each([403, 404, 409, 410])("begins a new session when the old one takes no more bytes (%d)", async (status) => {
    const session = {};
    app.once("put", refusing(status, "GONE"));
    await expect(client.uploadFile(fileOf(5), { session })).rejects.toMatchObject({
      status,
      code: "GONE",
      phase: "cdn",
    });
    await expect(client.uploadFile(fileOf(5), { session })).resolves.toMatchObject({ uploadId: "u2" });
  });

  test("begins a new session when the old one is about to expire", async () => {
    const session = {};
    app.expiresIn = 4;
    app.once("put", refusing(422, "SIZE_MISMATCH"));
    await expect(client.uploadFile(fileOf(5), { session })).rejects.toMatchObject({ code: "SIZE_MISMATCH" });
    await expect(client.uploadFile(fileOf(5), { session })).resolves.toMatchObject({ uploadId: "u2" });
  });
});

describe("the backend", () => {
  test.each(["", "/", "//"])("a path in apiUrl is kept, with %j at its end", async (end) => {
    client = new ReuploadClient({ apiUrl: app.apiUrl + end });
    await client.uploadFile(fileOf(1));
    expect(app.of("prepare")[0]?.url).toBe("/some/app/uploads/prepare");
  });

  test("apiUrl may be relative, and must not be absent", async () => {
    const asked: string[] = [];
    const fetch = async (input: unknown) => {
      asked.push(String(input));
      return Response.json({ fileId: "f", status: "processing" });
    };
    await new ReuploadClient({ apiUrl: "/api/reupload/", fetch }).completeUpload("u");
    await new ReuploadClient({ apiUrl: "/", fetch }).completeUpload("u");
    expect(asked).toEqual(["/api/reupload/uploads/complete", "/uploads/complete"]);
    expect(() => new ReuploadClient({ apiUrl: "" })).toThrow(/apiUrl/);
  });

  test("routes can be named otherwise, and ids are escaped", async () => {
    client = new ReuploadClient({ apiUrl: app.apiUrl, routes: { status: "/s/{uploadId}?x=1" } });
    await expect(client.getUploadStatus("a/b?c")).rejects.toMatchObject({ status: 404 });
    expect(app.calls.at(-1)?.url).toBe("/some/app/s/a%2Fb%3Fc?x=1");
  });

  test("headers may be a function, asked for each request", async () => {
    let token = 0;
    client = new ReuploadClient({ apiUrl: app.apiUrl, headers: async () => ({ "X-Token": String(++token) }) });
    await client.uploadFile(fileOf(1));
    expect(app.of("prepare")[0]?.headers["x-token"]).toBe("1");
    expect(app.of("complete")[0]?.headers["x-token"]).toBe("2");
    expect(app.of("complete")[0]?.headers["content-type"]).toBe("application/json");
  });

  test("credentials are handed to fetch, and it is called without this", async () => {
    const seen: unknown[] = [];
    const fetch = function (this: unknown, _input: unknown, init?: RequestInit) {
      seen.push(this, init?.credentials);
      return Promise.resolve(Response.json({ fileId: "f", status: "processing" }));
    };
    await new ReuploadClient({ apiUrl: "/", fetch, credentials: "include" }).completeUpload("u");
    expect(seen).toEqual([undefined, "include"]);
  });

  test("its errors come through", async () => {
    app.once("prepare", refusing(403, "QUOTA_EXCEEDED"));
    const error = await client.uploadFile(fileOf(1)).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ReuploadClientError);
    expect(isReuploadClientError(error)).toBe(true);
    expect(isReuploadClientError(new Error("QUOTA_EXCEEDED"))).toBe(false);
    expect(error).toMatchObject({
      status: 403,
      code: "QUOTA_EXCEEDED",
      message: "It is QUOTA_EXCEEDED.",
      phase: "backend",
    });
  });

  test.each(["<html>Bad gateway</html>", "", "null", "[]", '{"detail": "no"}'])(
    "an error with the body %j still is one",
    async (body) => {
      app.once("prepare", answering(418, body));
      await expect(client.uploadFile(fileOf(1))).rejects.toMatchObject({
        status: 418,
        code: "HTTP_ERROR",
        message: /418/,
      });
    },
  );

  test.each([
    "<html>Please log in</html>",
    "",
    "[]",
    '{"uploadId": "u", "fileId": "f"}',
    '{"uploadUrl": 1, "uploadId": "u", "fileId": "f"}',
    '{"uploadUrl": "", "uploadId": "u", "fileId": "f"}',
  ])("a success with the body %j is not one", async (body) => {
    app.once("prepare", answering(200, body));
    await expect(client.uploadFile(fileOf(1))).rejects.toMatchObject({ code: "INVALID_RESPONSE", status: 200 });
  });

  test("an upload address that is none is the backend's error", async () => {
    app.once("prepare", answering(201, '{"uploadUrl": "http://:::", "uploadId": "u", "fileId": "f"}'));
    await expect(client.uploadFile(fileOf(1))).rejects.toMatchObject({ code: "INVALID_RESPONSE" });
  });
});
