/** Large streams are never held whole: 300 MB on each way, with the peak of this process's memory measured. */
import express from "express";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expressFileRouter } from "../src/express.js";
import { type Host, listening } from "./hosts.js";
import { bytes, client, madeUp } from "./kit.js";

const SIZE = 300_000_000;
const MOST_GROWTH = 100_000_000;
const PATIENCE_MS = 120_000;
const reupload = client();

/** The most that resident memory has grown while `work` ran, in bytes. */
async function growth(work: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage.rss();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 5);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return most - before;
}

async function stored({ uploadId, fileId }: { uploadId: string; fileId: string }): Promise<number> {
  await reupload.uploads.waitForCompletion(uploadId, { timeoutMs: PATIENCE_MS });
  const { sizeBytes } = (await reupload.files.get(fileId)).file;
  await reupload.files.delete(fileId);
  return sizeBytes;
}

describe("300 MB", () => {
  let host: Host;
  beforeAll(async () => {
    const site = express();
    site.use("/api", expressFileRouter({ client: reupload, authorize: () => ({}) }));
    host = await listening(site);
  });
  afterAll(() => host.close());

  it.each(["uploadDirect", "upload"] as const)("by %s", { timeout: PATIENCE_MS }, async (way) => {
    let done = { uploadId: "", fileId: "" };
    const grown = await growth(async () => {
      done = await reupload.uploads[way]({ file: { data: madeUp(SIZE), filename: "large.bin", size: SIZE } });
    });
    expect(grown).toBeLessThan(MOST_GROWTH);
    expect(await stored(done)).toBe(SIZE);
  });

  it("through Express", { timeout: PATIENCE_MS }, async () => {
    let done = { uploadId: "", fileId: "" };
    const grown = await growth(async () => {
      done = await browserUpload(`${host.url}/api/uploads/direct`);
    });
    expect(grown).toBeLessThan(MOST_GROWTH);
    expect(await stored(done)).toBe(SIZE);
  });
});

async function browserUpload(url: string): Promise<{ uploadId: string; fileId: string }> {
  const pieces = madeUp(SIZE);
  let begun = false;
  const body = new ReadableStream(
    {
      async pull(controller) {
        if (!begun) {
          begun = true;
          controller.enqueue(bytes('--b\r\nContent-Disposition: form-data; name="file"; filename="large.bin"\r\n\r\n'));
          return;
        }
        const { done, value } = await pieces.next();
        if (!done) return controller.enqueue(value);
        controller.enqueue(bytes("\r\n--b--\r\n"));
        controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  const headers = { "content-type": "multipart/form-data; boundary=b" };
  // Or this side would keep it all, ready for a redirect.
  const init = { method: "POST", headers, body, duplex: "half", redirect: "error" } as RequestInit;
  const answer = await fetch(url, init);
  expect(answer.status).toBe(202);
  return answer.json();
}
