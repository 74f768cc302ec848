/** Faults on the way: what is tried again, when, and that nothing is done twice. */
import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { putToUploadUrl, ReuploadConnectionError } from "../src/index.js";
import { retryAfterMs, Tries } from "../src/retry.js";
import { aFolder, bytes, caught, client, collect, madeUp, server, uploaded } from "./kit.js";
import { type Fault, type Front, header, proxy } from "./proxy.js";

const reupload = client();
const proxies: Front[] = [];
async function front(target: string, ...faults: Fault[]): Promise<Front> {
  const made = await proxy(target, ...faults);
  proxies.push(made);
  return made;
}

beforeEach(() => {
  // No waiting, but where a server asks for it.
  vi.spyOn(Math, "random").mockReturnValue(0);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(proxies.splice(0).map((one) => one.close()));
});

describe("a call whose answer is lost", () => {
  it.each<[string, Fault]>([
    ["after the server had it", "lose"],
    ["before the server had it", "refuse"],
    ["to a 408", { status: 408 }],
    ["to a 429", { status: 429, headers: { "Retry-After": "0" } }],
    ["to a 500", { status: 500 }],
    ["to a 502", { status: 502 }],
    ["to a 503", { status: 503 }],
    ["to a 504", { status: 504 }],
  ])("makes one file: %s", async (_, fault) => {
    const folder = aFolder();
    const { url, seen } = await front(server.api, fault, fault);
    const file = { data: new Blob(["once".repeat(100_000)]), filename: "a.txt" };
    const done = await client({ baseUrl: url }).uploads.uploadDirect({ file, folder });
    await reupload.uploads.waitForCompletion(done.uploadId, { intervalMs: 20 });
    // Whatever the first try has begun would be there by now.
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await collect(reupload.files.list({ folder }))).toHaveLength(1);
    expect(seen).toHaveLength(fault === "refuse" ? 1 : 3);
    const keys = header(seen, "idempotency-key");
    expect([keys.length, new Set(keys).size]).toEqual([seen.length, 1]);
  });

  it("opens one session", async () => {
    const before = (await reupload.usage({ projectId: server.project })).projects[0]?.reservedFiles ?? 0;
    const { url } = await front(server.api, "lose", "lose");
    const ask = { filename: "a", contentType: "text/plain", size: 1 };
    const session = await client({ baseUrl: url }).uploads.createSession(ask);
    const after = (await reupload.usage({ projectId: server.project })).projects[0]?.reservedFiles;
    expect(after).toBe(before + 1);
    await reupload.uploads.cancelSession(session.uploadId);
  });

  it("deletes, and a second delete is refused", async () => {
    const { fileId } = await uploaded(reupload);
    const { url } = await front(server.api, "lose");
    const shaky = client({ baseUrl: url });
    expect(await shaky.files.delete(fileId)).toEqual({ success: true });
    expect(await caught(shaky.files.delete(fileId))).toMatchObject({ status: 404, maybeDone: false });
  });

  it("cancels", async () => {
    const session = await reupload.uploads.createSession({ filename: "a", contentType: "text/plain", size: 1 });
    const { url } = await front(server.api, "lose");
    expect(await client({ baseUrl: url }).uploads.cancelSession(session.uploadId)).toEqual({ success: true });
  });

  it("puts, as often as it must", async () => {
    const session = await reupload.uploads.createSession({ filename: "a", contentType: "text/plain", size: 4 });
    const { url, seen } = await front(server.cdn, "lose", "refuse", { status: 503 });
    const put = session.uploadUrl.replace(server.cdn, url);
    expect(await putToUploadUrl(put, bytes("body"), "text/plain")).toMatchObject({ sizeBytes: 4 });
    expect(seen.map((request) => request.split("\r\n\r\n")[1])).toEqual(["body", "body", "body"]);
    await reupload.uploads.complete({ uploadId: session.uploadId });
  });

  it.each<[Fault, number]>([
    ["lose", 1],
    [{ status: 503 }, 1],
    [{ status: 429 }, 2],
  ])("updates only if it was not let in: %j", async (fault, tries) => {
    const { fileId } = await uploaded(reupload);
    const { url, seen } = await front(server.api, fault);
    const update = client({ baseUrl: url }).files.update(fileId, { name: "b.txt" });
    if (tries === 1) await expect(update).rejects.toThrow();
    else expect((await update).file.name).toBe("b.txt");
    expect(seen).toHaveLength(tries);
  });
});

describe("tries", () => {
  it("end", async () => {
    const { url, seen } = await front(server.api, ...Array<Fault>(9).fill({ status: 503 }));
    const error = await caught(client({ baseUrl: url, maxRetries: 2 }).whoami());
    expect(error).toMatchObject({ status: 503, code: "PLAYED", maybeDone: true });
    expect(seen).toHaveLength(3);
  });

  it.each([400, 401, 403, 404, 409, 422, 501])("are one for %d", async (status) => {
    const { url, seen } = await front(server.api, { status });
    expect(await caught(client({ baseUrl: url }).whoami())).toMatchObject({ status, maybeDone: false });
    expect(seen).toHaveLength(1);
  });

  it.each([
    ["seconds", () => "1"],
    ["a date", () => new Date(Date.now() + 2000).toUTCString()],
  ])("wait for Retry-After in %s", async (_, value) => {
    const { url } = await front(server.api, { status: 429, headers: { "Retry-After": value() } });
    const begun = performance.now();
    await client({ baseUrl: url }).whoami();
    expect(performance.now() - begun).toBeGreaterThan(900);
  });

  it("do not wait for more than a minute", async () => {
    const { url, seen } = await front(server.api, { status: 503, headers: { "Retry-After": "61" } });
    expect(await caught(client({ baseUrl: url }).whoami())).toMatchObject({ status: 503 });
    expect(seen).toHaveLength(1);
  });

  it("wait longer each time, at random, and 8 seconds at most", () => {
    const tries = new Tries(8, "GET", null);
    vi.mocked(Math.random).mockReturnValue(1);
    const most = Array.from({ length: 7 }, () => tries.afterError());
    expect(most).toEqual([250, 500, 1000, 2000, 4000, 8000, 8000]);
    vi.mocked(Math.random).mockReturnValue(0.25);
    expect([tries.afterAnswer(503, null), tries.afterAnswer(503, null)]).toEqual([2000, null]);
  });

  it.each<[string | null, number | null]>([
    ["7", 7000],
    [" 0 ", 0],
    ["Thu, 01 Jan 1970 00:00:09 GMT", 9000 - 5000],
    ["Thu, 01 Jan 1970 00:00:01 GMT", 0],
    ["Thursday, 01-Jan-70 00:00:09 GMT", 4000],
    ["soon", null],
    ["-1", null],
    ["1.5", null],
    ["2030", 2_030_000],
    ["", null],
    [null, null],
  ])("read %j as %j", (value, ms) => {
    expect(retryAfterMs(value, 5000)).toBe(ms);
  });

  it("do not send half of a stream a second time", async () => {
    const { url, seen } = await front(server.api, { status: 503 });
    const file = { data: madeUp(10), filename: "a.txt" };
    expect(await caught(client({ baseUrl: url }).uploads.uploadDirect({ file }))).toMatchObject({ code: "PLAYED" });
    expect(seen).toHaveLength(1);
  });

  it("of a caller with a key of their own give the first answer", async () => {
    const idempotencyKey = randomUUID();
    const file = { data: bytes("same"), filename: "a.txt", contentType: "text/plain" };
    const direct = () => reupload.uploads.uploadDirect({ file }, { idempotencyKey });
    expect(await direct()).toEqual(await direct());
    const cdn = () => reupload.uploads.upload({ file }, { idempotencyKey: `${idempotencyKey}-cdn` });
    expect(await cdn()).toEqual(await cdn());
    const other = reupload.uploads.uploadDirect({ file: { ...file, data: bytes("other") } }, { idempotencyKey });
    expect(await caught(other)).toMatchObject({ code: "IDEMPOTENCY_CONFLICT" });
  });
});

describe("a time limit", () => {
  it("is one for each try", async () => {
    const { url, seen } = await front(server.api, "hang", "hang");
    const error = await caught(client({ baseUrl: url, timeoutMs: 400, maxRetries: 1 }).whoami());
    expect(error).toBeInstanceOf(ReuploadConnectionError);
    expect(error).toMatchObject({ status: 504, code: "TIMEOUT" });
    expect(seen).toHaveLength(2);
    await client({ baseUrl: url }).whoami({ timeoutMs: 20_000 });
  });

  it("of one call goes before the client's", async () => {
    const { url } = await front(server.api, "hang");
    const begun = performance.now();
    const call = client({ baseUrl: url, maxRetries: 0 }).whoami({ timeoutMs: 50 });
    expect(await caught(call)).toMatchObject({ code: "TIMEOUT" });
    expect(performance.now() - begun).toBeLessThan(20_000);
  });

  it("does not end a body that moves, however slowly", async () => {
    async function* slow() {
      for (let n = 0; n < 10; n += 1) {
        await new Promise((resolve) => setTimeout(resolve, 150));
        yield bytes("x");
      }
    }
    const file = { data: slow(), filename: "slow.txt" };
    const done = await client({ timeoutMs: 500 }).uploads.uploadDirect({ file });
    expect(done.status).toBe("processing");
  });

  it("ends a body that stands still, on both ways", async () => {
    async function* stuck() {
      yield bytes("x");
      await new Promise((resolve) => setTimeout(resolve, 5000));
      yield bytes("y");
    }
    const file = () => ({ data: stuck(), filename: "stuck.txt", contentType: "text/plain", size: 2 });
    const hasty = client({ timeoutMs: 500 });
    expect(await caught(hasty.uploads.uploadDirect({ file: file() }))).toMatchObject({ status: 504, code: "TIMEOUT" });
    const error = await caught(hasty.uploads.upload({ file: file() }));
    expect(error).toMatchObject({ name: "ReuploadCdnError", status: 504, code: "TIMEOUT" });
  });
});
