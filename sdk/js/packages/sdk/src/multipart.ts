/** `multipart/form-data` (RFC 7578) as a stream. FormData would hold streams whole in memory. */
import { Content, type FilePart, type Source } from "./body.js";
import type { OnProgress } from "./types.js";

const encoder = new TextEncoder();

/** Fields first: the server refuses an unknown project before it reads a file. */
export function form(
  fields: Readonly<Record<string, string>>,
  files: readonly FilePart[],
  onProgress?: OnProgress,
): Content {
  const boundary = crypto.randomUUID();
  const parts: (Uint8Array | Source)[] = [];
  let head = "";
  for (const [name, value] of Object.entries(fields)) {
    head += `--${boundary}\r\nContent-Disposition: form-data; name="${escaped(name)}"\r\n\r\n${value}\r\n`;
  }
  for (const file of files) {
    head += `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${escaped(file.filename)}"\r\n`;
    head += `Content-Type: ${headerValue(file.contentType)}\r\n\r\n`;
    parts.push(encoder.encode(head), file.source);
    head = "\r\n";
  }
  parts.push(encoder.encode(`${head}--${boundary}--\r\n`));
  return new Content(parts, `multipart/form-data; boundary=${boundary}`, onProgress);
}

/** As browsers write it (WHATWG HTML, "multipart/form-data encoding algorithm"); the server reads it so. */
function escaped(name: string): string {
  return name.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** @throws TypeError for a line end, after which a type would write headers of its own. */
function headerValue(value: string): string {
  if (/[\r\n\0]/.test(value)) throw new TypeError("contentType must not contain line ends.");
  return value;
}
