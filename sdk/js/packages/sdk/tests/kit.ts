/** What the tests of this package share. */
import { randomUUID } from "node:crypto";
import { inject } from "vitest";
import { Reupload, type ReuploadOptions } from "../src/index.js";

export const server = inject("server");

export function client(options: Partial<ReuploadOptions> = {}): Reupload {
  return new Reupload({ apiKey: server.key, baseUrl: server.api, defaultProjectId: server.project, ...options });
}

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

export const aFolder = (): string => `tests/${randomUUID()}`;

/** Pieces of 64 KiB; nothing is made before it is asked for. */
export async function* madeUp(size: number): AsyncGenerator<Uint8Array> {
  for (let left = size; left > 0; left -= 65_536) yield new Uint8Array(Math.min(left, 65_536)).fill(left % 251);
}

export async function caught(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("It did not fail.");
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** A small file that is ready. */
export async function uploaded(of: Reupload, name = "a.txt", folder?: string) {
  const done = await of.uploads.uploadDirect({ file: { data: bytes("hello"), filename: name }, folder });
  await of.uploads.waitForCompletion(done.uploadId, { intervalMs: 20 });
  return done;
}
