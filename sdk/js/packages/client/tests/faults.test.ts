/** Connections that break, servers that stumble, and aborts at every step. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ReuploadClient, type UploadProgress } from "../src/index.js";
import { App, cut, type Handler, hang, type Route, refusing } from "./support/app.js";
import { fileOf, until } from "./support/files.js";

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

/** Cuts the connection when the whole body has come, before the answer. */
const cutLate: Handler = async (request, _answer, read) => {
  await read();
  request.socket.destroy();
};

describe("tried again", () => {
  test.each<[string, Route, Handler]>([
    ["bytes, cut at once", "put", cut],
    ["bytes, cut before the answer", "put", cutLate],
    ["bytes, the server busy", "put", refusing(503, "SERVICE_UNAVAILABLE")],
    ["complete, cut", "complete", cut],
    ["complete, cut before the answer", "complete", cutLate],
    ["complete, a fault of the server", "complete", refusing(500, "INTERNAL_ERROR")],
  ])("%s: twice, then it works", async (_what, route, fault) => {
    app.once(route, fault, fault);
    await expect(client.uploadFile(fileOf(5))).resolves.toMatchObject({ uploadId: "u1" });
    expect(app.of(route).length).toBe(3);
    expect(app.of("prepare").length).toBe(1);
  });

  test("not a third time, and each try's progress begins at 0", async () => {
    app.once("put", cut, cut, cut, cut);
    const seen: UploadProgress[] = [];
    const upload = client.uploadFile(fileOf(5), { onProgress: (progress) => seen.push(progress) });
    await expect(upload).rejects.toMatchObject({ code: "NETWORK_ERROR", status: 0, phase: "cdn" });
    expect(app.of("put").length).toBe(3);
    expect(app.of("complete").length).toBe(0);
    expect(seen.filter(({ phase, loaded }) => phase === "cdn" && loaded === 0).length).toBe(3);
  });

  test("the status too", async () => {
    await client.uploadFile(fileOf(5));
    app.once("status", cut, refusing(502, "BAD_GATEWAY"));
    await expect(client.getUploadStatus("u1")).resolves.toMatchObject({ status: "COMPLETED" });
  });

  test("retries: 0 tries once", async () => {
    client = new ReuploadClient({ apiUrl: app.apiUrl, retries: 0 });
    app.once("put", cut);
    await expect(client.uploadFile(fileOf(5))).rejects.toMatchObject({ code: "NETWORK_ERROR" });
    expect(app.of("put").length).toBe(1);
  });

  test("after the time that the server asks for", async () => {
    app.once("put", refusing(503, "SERVICE_UNAVAILABLE", { "Retry-After": "1" }));
    const start = Date.now();
    await client.uploadFile(fileOf(5));
    expect(Date.now() - start).toBeGreaterThanOrEqual(990);
  });
});

describe("not tried again", () => {
  test.each<[Route, Handler]>([
    ["prepare", cut],
    ["prepare", refusing(503, "SERVICE_UNAVAILABLE")],
    ["put", refusing(422, "SIZE_MISMATCH")],
    ["put", refusing(429, "RATE_LIMITED")],
    ["complete", refusing(409, "UPLOAD_NOT_RECEIVED")],
  ])("%s (case %#)", async (route, fault) => {
    app.once(route, fault);
    await expect(client.uploadFile(fileOf(5))).rejects.toMatchObject({ name: "ReuploadClientError" });
    expect(app.of(route).length).toBe(1);
    expect(app.of("cancel").length).toBe(0);
  });
});

describe("silence", () => {
  test("of the backend ends with TIMEOUT", async () => {
    client = new ReuploadClient({ apiUrl: app.apiUrl, timeoutMs: 50 });
    app.once("prepare", hang);
    await expect(client.uploadFile(fileOf(5))).rejects.toMatchObject({ code: "TIMEOUT", status: 0, phase: "backend" });
  });

  test("of the upload host ends the try, and is tried again", async () => {
    client = new ReuploadClient({ apiUrl: app.apiUrl, stallTimeoutMs: 100 });
    app.once("put", hang);
    await expect(client.uploadFile(fileOf(5))).resolves.toMatchObject({ uploadId: "u1" });
    client = new ReuploadClient({ apiUrl: app.apiUrl, stallTimeoutMs: 100, retries: 0 });
    app.once("put", hang);
    await expect(client.uploadFile(fileOf(5))).rejects.toMatchObject({ code: "TIMEOUT", status: 0, phase: "cdn" });
  });
});

describe("an abort is ABORTED", () => {
  test("before the start, with nothing sent", async () => {
    const signal = AbortSignal.abort();
    await expect(client.uploadFile(fileOf(5), { signal })).rejects.toMatchObject({ code: "ABORTED", status: 0 });
    await expect(client.completeUpload("u", { signal })).rejects.toMatchObject({ code: "ABORTED" });
    await expect(client.pollUploadStatus("u", { signal })).rejects.toMatchObject({ code: "ABORTED" });
    await expect(client.getFileAccess("f", { signal })).rejects.toMatchObject({ code: "ABORTED" });
    await expect(client.putFile(app.cdnUrl, fileOf(5), { signal })).rejects.toMatchObject({ code: "ABORTED" });
    expect(app.calls).toEqual([]);
  });

  test("while the headers are fetched", async () => {
    const stop = new AbortController();
    const headers = async () => {
      stop.abort();
      return {};
    };
    client = new ReuploadClient({ apiUrl: app.apiUrl, headers });
    await expect(client.uploadFile(fileOf(5), { signal: stop.signal })).rejects.toMatchObject({ code: "ABORTED" });
    expect(app.calls).toEqual([]);
  });

  test.each<[Route, number]>([
    ["prepare", 0],
    ["put", 1],
    ["complete", 1],
  ])("during %s; the backend is told if there is a session", async (route, told) => {
    const stop = new AbortController();
    const session = {};
    app.once(route, hang);
    const upload = client.uploadFile(fileOf(5), { signal: stop.signal, session });
    await until(() => app.of(route).length === 1);
    stop.abort();
    await expect(upload).rejects.toMatchObject({ code: "ABORTED", status: 0 });
    if (told) await until(() => app.of("cancel").length === 1);
    expect(app.of("cancel").map(({ json }) => json)).toEqual(told ? [{ uploadId: "u1" }] : []);
    expect(session).toEqual({});
  });

  test("while it waits for the next try, which is not made", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0.99);
    const stop = new AbortController();
    app.once("put", cut);
    const upload = client.uploadFile(fileOf(5), { signal: stop.signal });
    await until(() => app.of("put").length === 1);
    await new Promise((resolve) => setTimeout(resolve, 30));
    stop.abort();
    await expect(upload).rejects.toMatchObject({ code: "ABORTED" });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(app.of("put").length).toBe(1);
  });

  test.each<["fails" | "is turned off", Record<string, null>, number]>([
    ["fails", {}, 1],
    ["is turned off", { cancel: null }, 0],
  ])("also when the cancel route %s", async (_what, routes, calls) => {
    client = new ReuploadClient({ apiUrl: app.apiUrl, routes });
    const stop = new AbortController();
    app.once("cancel", refusing(404, "NOT_FOUND"));
    app.once("put", hang);
    const upload = client.uploadFile(fileOf(5), { signal: stop.signal });
    await until(() => app.of("put").length === 1);
    stop.abort();
    await expect(upload).rejects.toMatchObject({ code: "ABORTED" });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(app.of("cancel").length).toBe(calls);
  });

  test("while polling, between two questions too", async () => {
    await client.uploadFile(fileOf(5));
    app.pendingPolls = 1000;
    const stop = new AbortController();
    const poll = client.pollUploadStatus("u1", { intervalMs: 60_000, signal: stop.signal });
    await until(() => app.of("status").length === 1);
    await new Promise((resolve) => setTimeout(resolve, 30));
    stop.abort();
    await expect(poll).rejects.toMatchObject({ code: "ABORTED" });
    expect(app.of("cancel").length).toBe(0);
  });
});
