/** The client against the real server, through a backend as an app has one. */
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { createUploadStore, ReuploadClient, type UploadSession } from "../src/index.js";
import { startBackend } from "./support/backend.js";
import { bytesOf, fileOf, until } from "./support/files.js";

let backend: Awaited<ReturnType<typeof startBackend>>;
let client: ReuploadClient;

beforeAll(async () => {
  backend = await startBackend(inject("server"));
  client = new ReuploadClient({ apiUrl: backend.apiUrl });
});

afterAll(() => backend.stop());

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

async function download(fileId: string): Promise<Response> {
  return fetch((await client.getFileAccess(fileId, { download: true })).url);
}

test("a file comes out as it went in, under its name in any script", async () => {
  const name = "Bericht – отчёт 報告 🗂.bin";
  const { uploadId, fileId, status } = await client.uploadFile(fileOf(2_000_003, name, ""));
  expect(status).toBe("processing");
  const done = await client.pollUploadStatus(uploadId, { intervalMs: 50 });
  expect(done).toMatchObject({ status: "COMPLETED", fileId });
  const answer = await download(fileId);
  expect(Buffer.from(await answer.arrayBuffer()).equals(bytesOf(2_000_003))).toBe(true);
  expect(decodeURIComponent(answer.headers.get("Content-Disposition") ?? "")).toContain(name);
});

test("the bytes may be sent twice, and complete may be said twice", async () => {
  const file = fileOf(1000);
  const { uploadId, uploadUrl, expiresIn } = await client.prepareUpload(file);
  expect(expiresIn).toBeGreaterThan(60);
  await client.putFile(uploadUrl, file);
  await client.putFile(uploadUrl, file);
  const first = await client.completeUpload(uploadId);
  expect(await client.completeUpload(uploadId)).toEqual(first);
});

describe("errors of the server come through", () => {
  test("complete without bytes", async () => {
    const { uploadId } = await client.prepareUpload(fileOf(10));
    await expect(client.completeUpload(uploadId)).rejects.toMatchObject({ status: 409, code: "UPLOAD_NOT_RECEIVED" });
  });

  test("other bytes than were declared", async () => {
    const { uploadUrl } = await client.prepareUpload(fileOf(10));
    const put = client.putFile(uploadUrl, fileOf(11));
    await expect(put).rejects.toMatchObject({ status: 422, code: "SIZE_MISMATCH", phase: "cdn" });
  });

  test("an address that is dead", async () => {
    const file = fileOf(10);
    const { uploadId, uploadUrl } = await client.prepareUpload(file);
    await client.putFile(uploadUrl, file);
    await client.completeUpload(uploadId);
    await expect(client.putFile(uploadUrl, file)).rejects.toMatchObject({ status: 409, phase: "cdn" });
  });

  test("an unknown file", async () => {
    const unknown = client.getFileAccess("00000000-0000-4000-8000-000000000000");
    await expect(unknown).rejects.toMatchObject({ status: 404, code: "NOT_FOUND", phase: "backend" });
  });
});

test("an abort cancels the session", async () => {
  const stop = new AbortController();
  const session: UploadSession = {};
  let uploadId = "";
  const upload = client.uploadFile(fileOf(3_000_000), {
    session,
    signal: stop.signal,
    onProgress: ({ phase }) => {
      if (phase !== "cdn") return;
      uploadId = session.prepared?.uploadId ?? "";
      stop.abort();
    },
  });
  await expect(upload).rejects.toMatchObject({ code: "ABORTED" });
  let status = "";
  for (let tries = 0; tries < 50 && status !== "CANCELLED"; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    ({ status } = await client.getUploadStatus(uploadId));
  }
  expect(status).toBe("CANCELLED");
});

test("the store takes many files to COMPLETED, each told once", async () => {
  const told: string[] = [];
  const store = createUploadStore({
    client,
    pollOptions: { intervalMs: 50 },
    onUploadComplete: ({ fileId }) => told.push(fileId),
  });
  stops.push(store.destroy);
  store.add(Array.from({ length: 8 }, (_, at) => fileOf(1000 + at, `${at}.bin`, "")));
  await until(() => store.getSnapshot().totals.finished === 8, "eight files", 20_000);
  expect(told.toSorted()).toEqual(
    store
      .getSnapshot()
      .items.map(({ fileId }) => fileId)
      .toSorted(),
  );
  for (const [at, { fileId }] of store.getSnapshot().items.entries()) {
    const answer = await download(fileId as string);
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytesOf(1000 + at))).toBe(true);
  }
});
