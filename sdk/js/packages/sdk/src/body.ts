/** Bytes to send: where they come from, how many there are, and whether they can be sent a second time. */
import type { OnProgress, UploadBody, UploadFileInput } from "./types.js";

/** The piece in which bytes are handed to fetch: what is sent is counted, and waited for, by these. */
const PIECE_BYTES = 256 * 1024;

/** `size` in bytes, null if unknown; `once`: it cannot be read again. */
export interface Source {
  readonly size: number | null;
  readonly once: boolean;
  pieces(): AsyncIterable<Uint8Array>;
}

/** A file with the name and the type that it was given, else its own. */
export interface FilePart {
  readonly filename: string;
  readonly contentType: string;
  readonly source: Source;
}

export function filePart(file: UploadFileInput): FilePart {
  const { data } = file;
  const ownName = typeof File !== "undefined" && data instanceof File ? data.name : "";
  const ownType = data instanceof Blob ? data.type : "";
  return {
    filename: file.filename || ownName || "upload",
    contentType: file.contentType || ownType || "application/octet-stream",
    source: sourceOf(data, file.size),
  };
}

/** @throws TypeError if it is none of the bodies that can be sent. */
export function sourceOf(data: UploadBody, size?: number): Source {
  if (data instanceof Blob) return { size: data.size, once: false, pieces: () => iterate(data.stream()) };
  if (data instanceof ArrayBuffer) return sourceOf(new Uint8Array(data));
  if (ArrayBuffer.isView(data)) {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return { size: bytes.byteLength, once: false, pieces: () => slices(bytes) };
  }
  if (data instanceof ReadableStream) return { size: size ?? null, once: true, pieces: () => iterate(data) };
  if (typeof data === "object" && data !== null && Symbol.asyncIterator in data) {
    return { size: size ?? null, once: true, pieces: () => data };
  }
  throw new TypeError("The body must be a Uint8Array, ArrayBuffer, Blob, stream or async iterable of bytes.");
}

/** The body of a request, put together from fixed bytes and sources. */
export class Content {
  /** Bytes in all, null if a source does not know. */
  readonly size: number | null;
  /** What a source has thrown, which is nobody's fault but the caller's: it is passed on as it is. */
  fault: { error: unknown } | null = null;
  #begun = false;

  constructor(
    private readonly parts: readonly (Uint8Array | Source)[],
    readonly contentType: string,
    private readonly onProgress?: OnProgress,
  ) {
    this.size = sum(parts.map((part) => (part instanceof Uint8Array ? part.byteLength : part.size)));
  }

  /** Whether it can be sent, for the first time or once more. */
  canBegin(): boolean {
    return !this.#begun || this.parts.every((part) => part instanceof Uint8Array || !part.once);
  }

  headers(): Record<string, string> {
    const length: Record<string, string> = this.size === null ? {} : { "Content-Length": String(this.size) };
    return { "Content-Type": this.contentType, ...length };
  }

  /** A stream for one try. Nothing is read before it is asked for; `moved` is called for each piece. */
  open(moved: () => void): ReadableStream<Uint8Array> {
    const pieces = this.#pieces(moved);
    return new ReadableStream(
      {
        pull: async (controller) => {
          try {
            const { done, value } = await pieces.next();
            if (done) controller.close();
            else controller.enqueue(value);
          } catch (error) {
            this.fault = { error };
            controller.error(error);
          }
        },
        cancel: async () => {
          await pieces.return();
        },
      },
      { highWaterMark: 0 },
    );
  }

  async *#pieces(moved: () => void): AsyncGenerator<Uint8Array, void> {
    this.#begun = true;
    const total = sum(this.parts.map((part) => (part instanceof Uint8Array ? 0 : part.size)));
    let sent = 0;
    for (const part of this.parts) {
      moved();
      if (part instanceof Uint8Array) {
        yield part;
        continue;
      }
      let read = 0;
      for await (const piece of part.pieces()) {
        if (!(piece instanceof Uint8Array))
          throw new TypeError("A body must give Uint8Arrays; leave out its encoding.");
        read += piece.byteLength;
        if (part.size !== null && read > part.size) throw sizeFault(part.size);
        // An empty piece would end a chunked body.
        if (piece.byteLength > 0) yield piece;
        moved();
        this.onProgress?.(sent + read, total);
      }
      if (part.size !== null && read < part.size) throw sizeFault(part.size);
      sent += read;
    }
  }
}

function sizeFault(size: number): RangeError {
  return new RangeError(`The body does not have the ${size} bytes that were declared.`);
}

function sum(sizes: readonly (number | null)[]): number | null {
  return sizes.reduce<number | null>((all, size) => (all === null || size === null ? null : all + size), 0);
}

async function* slices(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}

/** Not `for await` over the stream itself, which Safari and older runtimes do not have. */
async function* iterate(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      ended = done;
      if (done) return;
      yield value;
    }
  } finally {
    if (!ended) await reader.cancel().catch(() => undefined);
    reader.releaseLock();
  }
}
