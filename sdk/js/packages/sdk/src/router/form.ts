/** Reads `multipart/form-data` (RFC 7578, with the delimiters of RFC 2046, 5.1.1) part by part, while it arrives. */
import { FileRouteError } from "../errors.js";
import { drain } from "./answers.js";

/** Bytes of a part's headers. */
const HEAD_LIMIT = 16 * 1024;
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const BLANK_LINE = encoder.encode("\r\n\r\n");

/** `filename` is null for a text field. `body` is to be read before the next part is asked for. */
export interface FormPart {
  readonly name: string;
  readonly filename: string | null;
  readonly contentType: string;
  readonly body: AsyncGenerator<Uint8Array, void>;
}

/** @throws FileRouteError 400 `MALFORMED_REQUEST` if the request has no such form. */
export function readForm(request: Request): AsyncGenerator<FormPart, void> {
  const type = request.headers.get("content-type") ?? "";
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(type);
  if (!/^multipart\/form-data\s*;/i.test(type) || !boundary || !request.body) {
    throw malformed("Send a form of type multipart/form-data.");
  }
  return parts(request.body, boundary[1] ?? boundary[2] ?? "");
}

/** The text of a field. @throws FileRouteError 413 if it is longer than `limit` bytes. */
export async function fieldText(part: FormPart, limit: number): Promise<string> {
  return decoder.decode(await gathered(part.body, limit));
}

async function* parts(stream: ReadableStream<Uint8Array>, boundary: string): AsyncGenerator<FormPart, void> {
  const input = new Input(stream);
  const delimiter = encoder.encode(`\r\n--${boundary}`);
  try {
    // What stands before the first boundary means nothing.
    await gathered(input.until(delimiter), HEAD_LIMIT);
    while (!(await input.takes("--"))) {
      const head = decoder.decode(await gathered(input.until(BLANK_LINE), HEAD_LIMIT));
      const body = input.until(delimiter);
      yield { ...described(head), body };
      for await (const _ of body);
    }
  } finally {
    input.drain();
  }
}

function described(head: string): Omit<FormPart, "body"> {
  const header = (name: string) => new RegExp(`^${name}:[ \\t]*(.*)$`, "im").exec(head)?.[1]?.trim() ?? "";
  const disposition = header("content-disposition");
  const parameter = (name: string) => {
    const found = new RegExp(`;[ \\t]*${name}=(?:"((?:\\\\"|[^"])*)"|([^;\\s]*))`, "i").exec(disposition);
    return found ? unescaped(found[1] ?? found[2] ?? "") : null;
  };
  const name = parameter("name");
  if (!/^form-data\b/i.test(disposition) || name === null) throw malformed("A part of the form has no name.");
  return { name, filename: parameter("filename"), contentType: header("content-type") };
}

/** Browsers write `%22`, `%0D` and `%0A` (WHATWG HTML), some older programs `\"`. */
function unescaped(value: string): string {
  return value.replaceAll('\\"', '"').replaceAll(/%22/g, '"').replaceAll(/%0D/gi, "\r").replaceAll(/%0A/gi, "\n");
}

async function gathered(pieces: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array> {
  let whole: Uint8Array = new Uint8Array();
  for await (const piece of pieces) {
    whole = joined(whole, piece);
    if (whole.byteLength > limit) throw new FileRouteError(413, "FILE_TOO_LARGE", "A text of the form is too long.");
  }
  return whole;
}

/** The bytes that have arrived and are not used yet. */
class Input {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  // The first boundary may lack the line end before it.
  #held: Uint8Array = encoder.encode("\r\n");

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
  }

  /** The bytes up to `mark`, which is taken too. */
  async *until(mark: Uint8Array): AsyncGenerator<Uint8Array, void> {
    for (;;) {
      const at = indexOf(this.#held, mark);
      if (at >= 0) {
        const piece = this.#held.subarray(0, at);
        this.#held = this.#held.subarray(at + mark.byteLength);
        if (piece.byteLength > 0) yield piece;
        return;
      }
      // The last bytes may be the beginning of the mark.
      const sure = this.#held.byteLength - mark.byteLength + 1;
      if (sure > 0) {
        const piece = this.#held.subarray(0, sure);
        this.#held = this.#held.subarray(sure);
        yield piece;
      }
      if (!(await this.#more())) throw malformed("The form ends too early.");
    }
  }

  /** Whether `text` comes next; then it is taken. */
  async takes(text: string): Promise<boolean> {
    while (this.#held.byteLength < text.length) {
      if (!(await this.#more())) throw malformed("The form ends too early.");
    }
    const found = decoder.decode(this.#held.subarray(0, text.length)) === text;
    if (found) this.#held = this.#held.subarray(text.length);
    return found;
  }

  /** Reads what is left, and lets it go: cancelling would break the connection, and the answer with it. */
  drain(): void {
    drain(this.#reader);
  }

  async #more(): Promise<boolean> {
    let read: ReadableStreamReadResult<Uint8Array>;
    try {
      read = await this.#reader.read();
    } catch (error) {
      throw malformed("The request was broken off.", error);
    }
    if (read.value) this.#held = joined(this.#held, read.value);
    return !read.done;
  }
}

function indexOf(bytes: Uint8Array, mark: Uint8Array): number {
  const last = bytes.byteLength - mark.byteLength;
  for (let at = bytes.indexOf(mark[0] ?? 0); at >= 0 && at <= last; at = bytes.indexOf(mark[0] ?? 0, at + 1)) {
    let same = 1;
    while (same < mark.byteLength && bytes[at + same] === mark[same]) same += 1;
    if (same === mark.byteLength) return at;
  }
  return -1;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.byteLength === 0) return b;
  const whole = new Uint8Array(a.byteLength + b.byteLength);
  whole.set(a);
  whole.set(b, a.byteLength);
  return whole;
}

function malformed(message: string, cause?: unknown): FileRouteError {
  const error = new FileRouteError(400, "MALFORMED_REQUEST", message);
  if (cause !== undefined) error.cause = cause;
  return error;
}
