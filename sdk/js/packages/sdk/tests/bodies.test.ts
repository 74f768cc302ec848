/** Every kind of body, on both ways, byte for byte; and names. */
import { createHash } from "node:crypto";
import { createReadStream, openAsBlob } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { afterAll, describe, expect, it } from "vitest";
import { putToUploadUrl, type UploadBody } from "../src/index.js";
import { aFolder, bytes, caught, client, collect, server } from "./kit.js";
import { header, proxy } from "./proxy.js";

const reupload = client();
const CONTENT = Buffer.from(Array.from({ length: 600_001 }, (_, n) => (n * n) % 251));
const SHA256 = createHash("sha256").update(CONTENT).digest("hex");
const folder = await mkdtemp(path.join(tmpdir(), "reupload-bodies-"));
const onDisk = path.join(folder, "content.bin");
await writeFile(onDisk, CONTENT);
afterAll(() => rm(folder, { recursive: true }));

async function* iterable() {
  yield CONTENT.subarray(0, 7);
  yield new Uint8Array();
  yield CONTENT.subarray(7);
}

const BODIES: readonly [string, () => UploadBody | Promise<UploadBody>][] = [
  ["Buffer", () => CONTENT],
  [
    "Uint8Array of a part",
    () => new Uint8Array(Buffer.concat([bytes("xx"), CONTENT]).buffer.slice(0)).subarray(-CONTENT.length),
  ],
  ["ArrayBuffer", () => new Uint8Array(CONTENT).buffer],
  ["DataView", () => new DataView(new Uint8Array(CONTENT).buffer) as unknown as UploadBody],
  ["Blob", () => new Blob([CONTENT])],
  ["Blob of a file on disk", () => openAsBlob(onDisk)],
  ["File", () => new File([CONTENT], "own.bin")],
  ["ReadableStream", () => new Blob([CONTENT]).stream()],
  ["Node stream", () => createReadStream(onDisk)],
  ["async iterable", iterable],
];

describe.each(BODIES)("a %s", (_, make) => {
  it("goes directly", async () => {
    const data = await make();
    const { uploadId, fileId } = await reupload.uploads.uploadDirect({ file: { data, filename: "c.bin" } });
    await reupload.uploads.waitForCompletion(uploadId, { intervalMs: 20 });
    expect((await reupload.files.get(fileId)).file.sha256).toBe(SHA256);
  });

  it("goes to the CDN host, with and without its length", async () => {
    const ask = { filename: "c.bin", contentType: "application/octet-stream", size: CONTENT.length };
    const { uploadUrl } = await reupload.uploads.createSession(ask);
    for (const size of [CONTENT.length, undefined]) {
      const data = await make();
      const sized = await putToUploadUrl(uploadUrl, data, ask.contentType, { size });
      expect(sized.sha256).toBe(SHA256);
    }
  });
});

describe("a body", () => {
  it("says its length, if anybody knows it", async () => {
    const lengths: string[][] = [];
    for (const file of [{ data: CONTENT }, { data: iterable() }, { data: iterable(), size: CONTENT.length }]) {
      const front = await proxy(server.api);
      await client({ baseUrl: front.url }).uploads.uploadDirect({ file });
      lengths.push(header(front.seen, "content-length"));
      await front.close();
    }
    expect(lengths).toEqual([[expect.any(String)], [], [expect.any(String)]]);
  });

  it.each<[string, unknown]>([
    ["text", "hello"],
    ["nothing", undefined],
    ["null", null],
    ["a number", 7],
    ["an object", {}],
  ])("that is %s is refused before anything is sent", async (_, data) => {
    const upload = reupload.uploads.uploadDirect({ file: { data: data as UploadBody } });
    expect(await caught(upload)).toBeInstanceOf(TypeError);
  });

  it.each<[string, () => UploadBody, number | undefined, string]>([
    ["shorter than declared", iterable, CONTENT.length + 1, "RangeError"],
    ["longer than declared", iterable, CONTENT.length - 1, "RangeError"],
    ["of text", () => Readable.from(["text"]), undefined, "TypeError"],
  ])("that is %s makes no file", async (_, make, size, name) => {
    const folder = aFolder();
    const error = await caught(reupload.uploads.uploadDirect({ file: { data: make(), size }, folder }));
    expect(error).toMatchObject({ name });
    expect(await collect(reupload.files.list({ folder }))).toEqual([]);
  });

  it("whose source fails fails with the source's own error, once", async () => {
    const own = new Error("disk on fire");
    let begun = 0;
    async function* failing() {
      begun += 1;
      yield bytes("x");
      throw own;
    }
    const file = () => ({ data: failing(), filename: "a.bin", size: 2 });
    expect(await caught(reupload.uploads.uploadDirect({ file: file() }))).toBe(own);
    expect(await caught(reupload.uploads.upload({ file: file() }))).toBe(own);
    const missing = createReadStream(path.join(folder, "missing"));
    expect(await caught(reupload.uploads.uploadDirect({ file: { data: missing } }))).toMatchObject({ code: "ENOENT" });
    expect(begun).toBe(2);
  });

  it("tells how much of it was sent, on both ways", async () => {
    for (const way of ["uploadDirect", "upload"] as const) {
      const told: [number, number | null][] = [];
      await reupload.uploads[way]({ file: { data: CONTENT } }, { onProgress: (...progress) => told.push(progress) });
      expect(told.map(([sent]) => sent)).toEqual([262_144, 524_288, CONTENT.length]);
      expect(new Set(told.map(([, total]) => total))).toEqual(new Set([CONTENT.length]));
    }
    const totals: (number | null)[] = [];
    const onProgress = (_: number, total: number | null) => totals.push(total);
    await reupload.uploads.uploadDirect({ file: { data: iterable() } }, { onProgress });
    expect(new Set(totals)).toEqual(new Set([null]));
  });
});

describe("a name", () => {
  it.each(["grüße ☂ 文件.txt", 'say "hi".txt', "100%22.txt", "semi;colon=.txt", "back\\slash.txt", "'; --.txt"])(
    "%j arrives, on both ways",
    async (filename) => {
      const file = { data: bytes("x"), filename, contentType: "text/plain" };
      const stored: string[] = [];
      for (const way of ["uploadDirect", "upload"] as const) {
        const { uploadId, fileId } = await reupload.uploads[way]({ file });
        await reupload.uploads.waitForCompletion(uploadId, { intervalMs: 20 });
        stored.push((await reupload.files.get(fileId)).file.originalName);
      }
      expect(stored).toEqual([filename, filename]);
    },
  );

  it("among others arrives as browsers send it", async () => {
    const files = ["grüße.txt", 'say "hi".txt'].map((filename) => ({ data: bytes("x"), filename }));
    const stored: string[] = [];
    for (const { uploadId } of (await reupload.uploads.uploadDirectBatch({ files })).files) {
      stored.push((await reupload.uploads.waitForCompletion(uploadId, { intervalMs: 20 })).file?.name ?? "");
    }
    expect(stored).toEqual(["grüße.txt", 'say "hi".txt']);
  });

  it("with line ends writes no headers, and arrives without them, on both ways", async () => {
    const filename = 'a\r\nContent-Type: text-html\r\n\r\n".txt';
    const file = { data: bytes("x"), filename, contentType: "text/plain" };
    const done = [
      await reupload.uploads.uploadDirect({ file }),
      await reupload.uploads.upload({ file }),
      ...(await reupload.uploads.uploadDirectBatch({ files: [file, file] })).files,
    ];
    for (const { uploadId, fileId } of done) {
      await reupload.uploads.waitForCompletion(uploadId, { intervalMs: 20 });
      const stored = (await reupload.files.get(fileId)).file;
      expect([stored.name, stored.mimeType]).toEqual(['aContent-Type: text-html".txt', "text/plain"]);
    }
  });

  it.each(["a\0b.txt", "..", "x".repeat(513)])("%j is refused, on both ways", async (filename) => {
    const file = { data: bytes("x"), filename };
    expect(await caught(reupload.uploads.uploadDirect({ file }))).toMatchObject({ status: 400 });
    expect(await caught(reupload.uploads.upload({ file }))).toMatchObject({ status: 400 });
    const files = [file, { ...file, filename: "b.txt" }];
    expect(await caught(reupload.uploads.uploadDirectBatch({ files }))).toMatchObject({ status: 400 });
  });

  it("and a type with a line end write no headers", async () => {
    const file = { data: bytes("x"), contentType: "text/plain\r\nX-Evil: 1" };
    expect(await caught(reupload.uploads.uploadDirect({ file }))).toBeInstanceOf(TypeError);
  });

  it("and a type are the File's own unless others are given", async () => {
    const data = new File(["x"], "own.txt", { type: "text/plain" });
    const names: string[] = [];
    for (const file of [{ data }, { data, filename: "given.txt" }, { data: new Blob(["x"]) }]) {
      const { uploadId } = await reupload.uploads.uploadDirect({ file });
      const ready = await reupload.uploads.waitForCompletion(uploadId, { intervalMs: 20 });
      names.push(ready.file?.name ?? "");
    }
    expect(names).toEqual(["own.txt", "given.txt", "upload"]);
  });
});
