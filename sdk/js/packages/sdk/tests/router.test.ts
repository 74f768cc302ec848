/** The file routes in each framework: what `@reupload/client` calls, and that nothing happens without a yes. */
import { once } from "node:events";
import { connect } from "node:net";
import fastify from "fastify";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { environment } from "../../../testing/server.js";
import { fastifyFileRouter } from "../src/fastify.js";
import { createFileRouter, type FileAction, type FileRequest, FileRouteError, type UploadGrant } from "../src/index.js";
import { type App, HOSTS, type Host } from "./hosts.js";
import { aFolder, client, collect, madeUp, server } from "./kit.js";

const reupload = client();
const UNKNOWN = "00000000-0000-4000-8000-000000000000";
const ASK = { filename: "a.txt", contentType: "text/plain", size: 5 };

const asked: { user: string | null; asked: FileRequest }[] = [];
const heard: { user: string | null; made: { uploadId: string; fileId: string } }[] = [];
const errors: unknown[] = [];
let verdict: () => unknown;
let restrict: App["restrict"];

const app: App = {
  authorize: (user, request) => {
    asked.push({ user, asked: request });
    return verdict() as UploadGrant;
  },
  onUpload: async (user, made) => {
    heard.push({ user, made });
  },
  onError: (error) => errors.push(error),
  get restrict() {
    return restrict;
  },
};

beforeEach(() => {
  asked.length = heard.length = errors.length = 0;
  verdict = () => ({});
  restrict = undefined;
});

describe.each(Object.keys(HOSTS))("in %s", (name) => {
  let host: Host;
  beforeAll(async () => {
    host = await (HOSTS[name] as (typeof HOSTS)[string])(app);
  });
  afterAll(() => host.close());

  const ask = async (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    headers.set("x-user", "ada");
    const response = await fetch(host.url + path, { ...init, headers });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
  const post = (path: string, body: unknown, type = "application/json") =>
    ask(`/api${path}`, { method: "POST", headers: { "content-type": type }, body: JSON.stringify(body) });
  const formOf = (...parts: [string, string | File][]) => {
    const form = new FormData();
    for (const [field, value] of parts) form.append(field, value);
    return form;
  };
  const direct = (...parts: [string, string | File][]) =>
    ask("/api/uploads/direct", { method: "POST", body: formOf(...parts) });
  const file = (text = "hello", filename = "a.txt") => new File([text], filename, { type: "text/plain" });
  const ready = async (uploadId: string) => {
    await reupload.uploads.waitForCompletion(uploadId, { intervalMs: 20 });
    return ask(`/api/uploads/${uploadId}/status`);
  };

  /** One request for each action; the ids are of nobody. */
  const EVERY: Readonly<Record<FileAction, () => ReturnType<typeof ask>>> = {
    prepare: () => post("/uploads/prepare", ASK),
    direct: () => direct(["file", file()]),
    complete: () => post("/uploads/complete", { uploadId: UNKNOWN }),
    cancel: () => post("/uploads/cancel", { uploadId: UNKNOWN }),
    status: () => ask(`/api/uploads/${UNKNOWN}/status`),
    access: () => ask(`/api/files/${UNKNOWN}/access`),
  };
  const ACTIONS = Object.keys(EVERY) as FileAction[];

  it("the whole way of the browser client works", async () => {
    const prepared = await post("/uploads/prepare", ASK);
    expect(prepared.status).toBe(201);
    expect(prepared.headers.get("cache-control")).toBe("no-store");
    const { uploadId, fileId, uploadUrl, expiresIn } = prepared.body;
    expect(expiresIn).toBe(3600);
    const put = await fetch(uploadUrl, { method: "PUT", headers: { "content-type": "text/plain" }, body: "hello" });
    expect(put.status).toBe(200);
    const completed = await post("/uploads/complete/", { uploadId });
    expect(completed).toMatchObject({ status: 202, body: { fileId, status: "processing" } });
    expect(await ready(uploadId)).toMatchObject({
      status: 200,
      body: { status: "COMPLETED", fileId, failureReason: null },
    });
    const { access } = (await ask(`/api/files/${fileId}/access?download=true&variant=original`)).body;
    expect(access).toMatchObject({ accessType: "cdn", expiresIn: 300, download: true });
    expect(await (await fetch(access.url)).text()).toBe("hello");
    expect(asked.map((one) => one.asked)).toEqual([
      { action: "prepare", ...ASK, isPublic: false },
      { action: "complete", uploadId },
      { action: "status", uploadId },
      { action: "access", fileId },
    ]);
    expect(new Set(asked.map((one) => one.user))).toEqual(new Set(["ada"]));
    expect(heard).toEqual([{ user: "ada", made: { uploadId, fileId } }]);
  });

  it("an upload that was given up is cancelled", async () => {
    const { uploadId } = (await post("/uploads/prepare", ASK)).body;
    expect(await post("/uploads/cancel", { uploadId })).toMatchObject({ status: 200, body: { success: true } });
    expect(asked.at(-1)?.asked).toEqual({ action: "cancel", uploadId });
    expect((await reupload.uploads.getSession(uploadId)).session.status).toBe("CANCELLED");
  });

  it("a file arrives through the application, under its name", async () => {
    const text = "0123456789".repeat(200_000);
    const sent = await direct(["projectId", "other"], ["isPublic", "TRUE"], ["file", file(text, 'grün "7" ☂.txt')]);
    expect(sent).toMatchObject({ status: 202, body: { status: "processing" } });
    await ready(sent.body.uploadId);
    const stored = (await reupload.files.get(sent.body.fileId)).file;
    // What the browser says of project and publicity counts for nothing, but the application hears of it.
    expect(stored).toMatchObject({ sizeBytes: text.length, isPublic: false, projectId: server.project });
    expect(stored.originalName).toBe('grün "7" ☂.txt');
    expect(asked[0]?.asked).toEqual({
      action: "direct",
      filename: 'grün "7" ☂.txt',
      contentType: "text/plain",
      projectId: "other",
      isPublic: true,
    });
    expect(heard[0]?.made).toEqual({ uploadId: sent.body.uploadId, fileId: sent.body.fileId });
  });

  it("the direct route stands alone", async () => {
    const sent = await ask("/direct", { method: "POST", body: formOf(["filename", "b.txt"], ["file", file()]) });
    expect(sent.status).toBe(202);
    await ready(sent.body.uploadId);
    expect((await reupload.files.get(sent.body.fileId)).file.name).toBe("b.txt");
    verdict = () => undefined;
    expect((await ask("/direct", { method: "POST", body: formOf(["file", file()]) })).status).toBe(403);
  });

  it.each(["prepare", "direct"] as const)("the grant sets the terms of %s", async (action) => {
    const folder = aFolder();
    const ownerRef = `owner of ${folder}`;
    verdict = () => ({ projectId: server.project, ownerRef, isPublic: true, folder, metadata: { k: "v" } });
    const { body } = await EVERY[action]();
    if (action === "prepare") {
      await fetch(body.uploadUrl, { method: "PUT", headers: { "content-type": "text/plain" }, body: "hello" });
      await post("/uploads/complete", { uploadId: body.uploadId });
    }
    await ready(body.uploadId);
    const stored = (await reupload.files.get(body.fileId)).file;
    expect(stored).toMatchObject({ isPublic: true, folder, metadata: { k: "v" }, ownerRef });
  });

  it.each(
    ACTIONS.flatMap((action) => [undefined, null, true, "yes", [], { id: 7 }].map((no) => [action, no] as const)),
  )("%s without a grant (%j) is refused", async (action, answer) => {
    verdict = () => answer;
    const refused = await EVERY[action]();
    expect(refused).toMatchObject({ status: 403, body: { error: "PERMISSION_DENIED" } });
    expect(refused.body.message).toBeTruthy();
    expect(asked.at(-1)?.asked.action).toBe(action);
    expect(heard).toEqual([]);
  });

  it.each(ACTIONS)("%s is refused in the application's own words", async (action) => {
    verdict = () => {
      throw new FileRouteError(401, "LOG_IN", "Log in first.");
    };
    const refused = await EVERY[action]();
    expect(refused).toMatchObject({ status: 401, body: { error: "LOG_IN", message: "Log in first." } });
    verdict = () => Promise.reject(Object.assign(new Error("No."), { statusCode: 404 }));
    expect(await EVERY[action]()).toMatchObject({ status: 404, body: { error: "NOT_FOUND", message: "No." } });
    expect(errors).toEqual([]);
  });

  it.each(ACTIONS)("%s fails without a word when the application does", async (action) => {
    verdict = () => {
      throw new Error("secret");
    };
    const failed = await EVERY[action]();
    expect(failed).toMatchObject({ status: 500, body: { error: "INTERNAL_ERROR" } });
    expect(JSON.stringify(failed.body)).not.toContain("secret");
    expect(errors).toEqual([new Error("secret")]);
  });

  it.each(["complete", "cancel", "status", "access"] as const)(
    "%s of an id that is nobody's is 404",
    async (action) => {
      expect(await EVERY[action]()).toMatchObject({ status: 404, body: { error: "NOT_FOUND" } });
    },
  );

  it.each<[string, () => ReturnType<typeof ask>, number, string]>([
    ["a size of 0", () => post("/uploads/prepare", { ...ASK, size: 0 }), 400, "VALIDATION_ERROR"],
    ["a size that is text", () => post("/uploads/prepare", { ...ASK, size: "5" }), 400, "VALIDATION_ERROR"],
    ["no name", () => post("/uploads/prepare", { ...ASK, filename: "" }), 400, "VALIDATION_ERROR"],
    ["a name of 513", () => post("/uploads/prepare", { ...ASK, filename: "x".repeat(513) }), 400, "VALIDATION_ERROR"],
    ["no type", () => post("/uploads/prepare", { ...ASK, contentType: undefined }), 400, "VALIDATION_ERROR"],
    ["isPublic as text", () => post("/uploads/prepare", { ...ASK, isPublic: "true" }), 400, "VALIDATION_ERROR"],
    ["a list", () => post("/uploads/prepare", [ASK]), 400, "VALIDATION_ERROR"],
    ["no uploadId", () => post("/uploads/complete", {}), 400, "VALIDATION_ERROR"],
    ["uploadId as a number", () => post("/uploads/cancel", { uploadId: 7 }), 400, "VALIDATION_ERROR"],
    ["text/plain", () => post("/uploads/prepare", ASK, "text/plain"), 415, "CONTENT_TYPE_NOT_ALLOWED"],
    ["far too much", () => post("/uploads/prepare", { ...ASK, x: "x".repeat(1e6) }), 413, "FILE_TOO_LARGE"],
    ["an unknown variant", () => ask(`/api/files/${UNKNOWN}/access?variant=huge`), 400, "VALIDATION_ERROR"],
    ["download=maybe", () => ask(`/api/files/${UNKNOWN}/access?download=maybe`), 400, "VALIDATION_ERROR"],
    ["JSON for a form", () => post("/uploads/direct", ASK), 400, "MALFORMED_REQUEST"],
    ["a form without a file", () => direct(["file", "text"]), 400, "MISSING_FILE"],
    ["a file in another field", () => direct(["upload", file()]), 400, "MISSING_FILE"],
    ["an empty file", () => direct(["file", file("")]), 400, "EMPTY_FILE"],
    ["two files", () => direct(["file", file()], ["file", file()]), 400, "MALFORMED_REQUEST"],
    ["a name behind the file", () => direct(["file", file()], ["filename", "b"]), 400, "MALFORMED_REQUEST"],
    ["isPublic=maybe", () => direct(["isPublic", "maybe"], ["file", file()]), 400, "VALIDATION_ERROR"],
    ["a field of 100 KB", () => direct(["x", "x".repeat(1e5)], ["file", file()]), 413, "FILE_TOO_LARGE"],
    [
      "21 fields",
      () => direct(...Array.from({ length: 21 }, (_, n): [string, string] => [`f${n}`, ""]), ["file", file()]),
      400,
      "MALFORMED_REQUEST",
    ],
    ["the wrong method", () => ask("/api/uploads/prepare"), 405, "METHOD_NOT_ALLOWED"],
    ["an unknown route", () => post("/uploads/delete", {}), 404, "NOT_FOUND"],
  ])("%s is answered with its own error", async (_, request, status, code) => {
    const refused = await request();
    expect(refused).toMatchObject({ status, body: { error: code } });
    expect(refused.body.message).toBeTruthy();
    expect(heard).toEqual([]);
    expect(errors).toEqual([]);
  });

  it("nothing is left of a form that was wrong behind its file", async () => {
    const folder = aFolder();
    verdict = () => ({ folder });
    await direct(["file", file()], ["file", file()]);
    await direct(["file", file()], ["isPublic", "true"]);
    const { body } = await direct(["file", file()], ["other", "is fine"]);
    await ready(body.uploadId);
    expect((await collect(reupload.files.list({ folder }))).map((one) => one.id)).toEqual([body.fileId]);
  });

  it("a large file is refused as soon as it is known, and the answer is seen", async () => {
    verdict = () => null;
    expect(await sendAllFirst(`${host.url}/api/uploads/direct`, 20_000_000)).toBe(403);
    verdict = () => ({});
    expect(await sendAllFirst(`${host.url}/api/uploads/prepare`, 20_000_000)).toBe(415);
  });
});

/** As browsers do: the answer is not looked at before all is sent. Gives its status. */
async function sendAllFirst(url: string, size: number): Promise<number> {
  const { port, pathname, host } = new URL(url);
  const head = '--xyz\r\nContent-Disposition: form-data; name="file"; filename="big"\r\n\r\n';
  const tail = "\r\n--xyz--\r\n";
  const socket = connect(Number(port), "127.0.0.1").pause();
  socket.write(`POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${head.length + size + tail.length}\r\n`);
  socket.write(`Content-Type: multipart/form-data; boundary=xyz\r\n\r\n${head}`);
  for await (const piece of madeUp(size))
    if (!socket.write(piece)) await once(socket, "drain", { signal: AbortSignal.timeout(10_000) });
  socket.write(tail);
  const data = once(socket, "data", { signal: AbortSignal.timeout(10_000) });
  socket.resume();
  const [answer] = await data;
  socket.destroy();
  return Number(String(answer).split(" ")[1]);
}

describe("restrict", () => {
  it.each<[App["restrict"], Partial<typeof ASK>, number]>([
    [{ maxBytes: 5 }, {}, 201],
    [{ maxBytes: 4 }, {}, 413],
    [{ accept: "image/*, .TXT" }, {}, 201],
    [{ accept: "text/*" }, { contentType: "Text/Plain; charset=utf-8" }, 201],
    [{ accept: "text/plain" }, { filename: "a" }, 201],
    [{ accept: "*/*" }, {}, 201],
    [{ accept: " " }, {}, 201],
    [{ accept: "image/*,.pdf" }, {}, 415],
    [{ accept: "text" }, {}, 415],
    [{ accept: "text/*" }, { contentType: "texts/plain" }, 415],
  ])("%j with %j is %d, prepared and direct", async (wanted, change, status) => {
    restrict = wanted;
    const host = await (HOSTS.web as (typeof HOSTS)[string])(app);
    const ask = { ...ASK, ...change };
    const headers = { "content-type": "application/json" };
    const prepared = await fetch(`${host.url}/api/uploads/prepare`, {
      method: "POST",
      headers,
      body: JSON.stringify(ask),
    });
    expect(prepared.status).toBe(status);
    const body = new FormData();
    body.append("file", new File(["hello"], ask.filename, { type: ask.contentType }));
    const direct = await fetch(`${host.url}/direct`, { method: "POST", body });
    expect(direct.status).toBe(status === 201 ? 202 : status);
    await host.close();
  });
});

it("an id that is no text is nobody's", async () => {
  // Fastify and h3 refuse it themselves.
  const answer = await createFileRouter({ authorize: () => ({}), client: reupload })(
    new Request("http://x/files/%ff/access"),
  );
  expect(answer.status).toBe(404);
});

it("the client is made from the environment when it is needed, and not before", async () => {
  const router = createFileRouter({ authorize: () => ({}) });
  const request = () => router(new Request(`http://x/files/${UNKNOWN}/access`));
  vi.stubEnv("REUPLOAD_API_KEY", "");
  const logged = vi.spyOn(console, "error").mockReturnValue();
  expect((await request()).status).toBe(500);
  expect(String(logged.mock.calls[0])).toContain("REUPLOAD_API_KEY");
  for (const [name, value] of Object.entries(environment(server))) vi.stubEnv(name, value);
  expect((await request()).status).toBe(404);
  vi.unstubAllEnvs();
  logged.mockRestore();
});

it("authorize cannot be forgotten", () => {
  // @ts-expect-error: TypeScript says so, too.
  expect(() => createFileRouter({ client: reupload })).toThrow(/authorize/);
});

it("no answer from Reupload is told without its address", async () => {
  const logged: unknown[] = [];
  const nowhere = client({ baseUrl: "http://127.0.0.1:1", maxRetries: 0 });
  const router = createFileRouter({ client: nowhere, authorize: () => ({}), onError: (error) => logged.push(error) });
  const answer = await router(new Request(`http://x/files/${UNKNOWN}/access`));
  expect(answer.status).toBe(503);
  expect(await answer.json()).toEqual({ error: "CONNECTION_ERROR", message: "Reupload gives no answer." });
  expect(logged).toHaveLength(1);
});

it("headers that Fastify's hooks have set are kept", async () => {
  const site = fastify();
  site.addHook("onRequest", async (_, reply) => {
    reply.header("access-control-allow-origin", "https://app.example");
  });
  await site.register(fastifyFileRouter({ client: reupload, authorize: () => ({}) }));
  const url = await site.listen({ port: 0, host: "127.0.0.1", listenTextResolver: (address) => address });
  const answer = await fetch(`${url}/files/${UNKNOWN}/access`);
  expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([404, "https://app.example"]);
  site.server.closeAllConnections();
  await site.close();
});

it("a wrong key is the application's fault, not the visitor's login", async () => {
  const logged: unknown[] = [];
  const wrong = client({ apiKey: "ru_wrong" });
  const router = createFileRouter({ client: wrong, authorize: () => ({}), onError: (error) => logged.push(error) });
  const answer = await router(new Request(`http://x/files/${UNKNOWN}/access`));
  expect([answer.status, (await answer.json()).error]).toEqual([502, "UPSTREAM_UNAUTHORIZED"]);
  expect(logged).toMatchObject([{ status: 401 }]);
});
