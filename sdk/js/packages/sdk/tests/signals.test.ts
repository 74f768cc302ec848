/** Ending calls by a signal, and waiting for uploads. */
import { getEventListeners } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { admin } from "../../../testing/server.js";
import { putToUploadUrl, UploadFailedError, UploadTimeoutError } from "../src/index.js";
import { aFolder, bytes, caught, client, collect, madeUp, server, uploaded } from "./kit.js";
import { type Fault, type Front, proxy } from "./proxy.js";

const reupload = client();
const REASON = new Error("enough");
let shaky: Front | undefined;
afterEach(async () => {
  await shaky?.close();
  shaky = undefined;
});
async function behind(...faults: Fault[]) {
  shaky = await proxy(server.api, ...faults);
  return client({ baseUrl: shaky.url });
}
const soon = () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(REASON), 50);
  return controller.signal;
};

describe("a signal", () => {
  it("that was aborted sends nothing", async () => {
    const slow = await behind();
    const signal = AbortSignal.abort(REASON);
    const file = { data: bytes("x"), filename: "a.txt", contentType: "text/plain" };
    expect(await caught(slow.whoami({ signal }))).toBe(REASON);
    expect(await caught(slow.uploads.uploadDirect({ file }, { signal }))).toBe(REASON);
    expect(await caught(slow.uploads.upload({ file }, { signal }))).toBe(REASON);
    expect(await caught(slow.uploads.waitForCompletion("x", { signal }))).toBe(REASON);
    expect(await caught(collect(slow.files.list({}, { signal })))).toBe(REASON);
    expect(await caught(putToUploadUrl("http://127.0.0.1:1", bytes("x"), "a/b", { signal }))).toBe(REASON);
    expect(shaky?.seen).toEqual([]);
  });

  it("ends a call that waits for its answer, without another try", async () => {
    const slow = await behind("hang");
    const controller = new AbortController();
    const call = caught(slow.whoami({ signal: controller.signal }));
    await expect.poll(() => shaky?.seen.length, { timeout: 10_000 }).toBe(1);
    controller.abort(REASON);
    expect(await call).toBe(REASON);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(shaky?.seen).toHaveLength(1);
  });

  it("ends the wait between two tries", async () => {
    const slow = await behind({ status: 503, headers: { "Retry-After": "30" } });
    expect(await caught(slow.whoami({ signal: soon() }))).toBe(REASON);
  });

  it("ends an upload, of which nothing is left", async () => {
    const folder = aFolder();
    const before = (await reupload.usage({ projectId: server.project })).projects[0];
    let ended = 0;
    // Aborted when it is on its way.
    async function* endless(controller: AbortController) {
      try {
        for (let n = 0; ; n += 1) {
          yield* madeUp(65_536);
          if (n === 20) controller.abort(REASON);
        }
      } finally {
        ended += 1;
      }
    }
    for (const way of ["uploadDirect", "upload"] as const) {
      const controller = new AbortController();
      const file = { data: endless(controller), filename: "a.bin", size: 1_000_000_000 };
      expect(await caught(reupload.uploads[way]({ file, folder }, { signal: controller.signal }))).toBe(REASON);
    }
    await expect.poll(() => ended, { timeout: 10_000 }).toBe(2);
    await expect
      .poll(async () => (await reupload.usage({ projectId: server.project })).projects[0]?.reservedFiles, {
        timeout: 10_000,
      })
      .toBe(before?.reservedFiles);
    expect(await collect(reupload.files.list({ folder }))).toEqual([]);
  });

  it("is not needed to let go of a stream that is refused while it is sent", async () => {
    let ended = false;
    async function* endless() {
      try {
        for (;;) yield* madeUp(65_536);
      } finally {
        ended = true;
      }
    }
    const file = { data: endless(), size: 1_000_000_000 };
    const error = await caught(client({ apiKey: "ru_wrong" }).uploads.uploadDirect({ file }));
    expect(error).toMatchObject({ status: 401 });
    await expect.poll(() => ended, { timeout: 10_000 }).toBe(true);
  });

  it("that lives long keeps nothing of the calls", async () => {
    const { signal } = new AbortController();
    await reupload.whoami({ signal });
    const { uploadId } = await uploaded(reupload);
    await reupload.uploads.waitForCompletion(uploadId, { signal });
    await (await behind({ status: 503 })).whoami({ signal });
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});

describe("waiting for an upload", () => {
  it("tells why it failed", async () => {
    const { id } = admin(server, "project", "create", "--name", "pictures", "--allow-type", "image/png") as {
      id: string;
    };
    const file = { data: bytes("no picture"), filename: "a.png", contentType: "image/png" };
    const { uploadId } = await reupload.uploads.uploadDirect({ projectId: id, file });
    const error = await caught(reupload.uploads.waitForCompletion(uploadId, { intervalMs: 20 }));
    expect(error).toBeInstanceOf(UploadFailedError);
    expect(error).toMatchObject({
      status: 422,
      code: "CONTENT_TYPE_NOT_ALLOWED",
      failureReason: "CONTENT_TYPE_NOT_ALLOWED",
      uploadId,
    });
  });

  it("ends in time, also when no answer comes", async () => {
    const { uploadId } = await reupload.uploads.createSession({ filename: "a", contentType: "a/b", size: 1 });
    for (const of of [reupload, await behind("hang")]) {
      const begun = performance.now();
      const error = await caught(of.uploads.waitForCompletion(uploadId, { intervalMs: 30, timeoutMs: 200 }));
      expect(error).toBeInstanceOf(UploadTimeoutError);
      expect(error).toMatchObject({ status: 504, code: "UPLOAD_TIMEOUT", uploadId });
      expect(performance.now() - begun).toBeGreaterThan(150);
      expect(performance.now() - begun).toBeLessThan(10_000);
    }
    await reupload.uploads.cancelSession(uploadId);
  });

  it("is ended by a signal", async () => {
    const { uploadId } = await reupload.uploads.createSession({ filename: "a", contentType: "a/b", size: 1 });
    expect(await caught(reupload.uploads.waitForCompletion(uploadId, { signal: soon() }))).toBe(REASON);
    await reupload.uploads.cancelSession(uploadId);
  });

  it("asks as often as it is told", async () => {
    let asked = 0;
    const counting = client({
      fetch: (url, init) => {
        asked += 1;
        return fetch(url, init);
      },
    });
    const { uploadId } = await reupload.uploads.createSession({ filename: "a", contentType: "a/b", size: 1 });
    await caught(counting.uploads.waitForCompletion(uploadId, { intervalMs: 100, timeoutMs: 350 }));
    expect(asked).toBeGreaterThanOrEqual(2);
    expect(asked).toBeLessThanOrEqual(4);
    await reupload.uploads.cancelSession(uploadId);
  });
});
