import type { Sent } from "../../shared/samples.js";
import { SILENT } from "./account";
import { addressOf } from "./request";

export type Answer = { status: number; words: string; took: number; headers: [string, string][]; body: Blob };
export type Progress = (loaded: number, total: number) => void;

/**
 * Sends it, and resolves with whatever the server answers. Rejects with a sentence if no answer came, and with an `AbortError` when
 * `signal` says so. An XMLHttpRequest, since `fetch` does not tell how much of a body is sent.
 */
export function send(
  sent: Sent,
  key: string | undefined,
  file: File | undefined,
  onProgress: Progress,
  signal: AbortSignal,
) {
  return new Promise<Answer>((resolve, reject) => {
    const request = new XMLHttpRequest();
    const began = performance.now();
    request.open(sent.method, addressOf(sent));
    request.responseType = "blob";
    if (key) request.setRequestHeader("Authorization", `Bearer ${key}`);
    for (const [name, value] of Object.entries(sent.headers ?? {})) request.setRequestHeader(name, value);
    if (sent.body) request.setRequestHeader("Content-Type", "application/json");
    if (sent.file) request.setRequestHeader("Content-Type", sent.file.type);
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(loaded, total));
    request.addEventListener("load", () =>
      resolve({
        status: request.status,
        words: request.statusText,
        took: Math.round(performance.now() - began),
        headers: headersOf(request),
        body: request.response as Blob,
      }),
    );
    request.addEventListener("error", () => reject(new Error(unreachable(sent))));
    request.addEventListener("abort", () => reject(new DOMException("Stopped.", "AbortError")));
    signal.addEventListener("abort", () => request.abort());
    request.send(bodyOf(sent, file));
  });
}

function bodyOf(sent: Sent, file: File | undefined): XMLHttpRequestBodyInit | null {
  if (sent.body) return JSON.stringify(sent.body);
  if (sent.file && file) return file;
  if (!sent.form) return null;
  const form = new FormData();
  for (const [name, value] of Object.entries(sent.form.fields)) form.append(name, value);
  if (file) form.append("file", new File([file], file.name, { type: sent.form.files[0]?.type ?? "" }));
  return form;
}

const headersOf = (request: XMLHttpRequest): [string, string][] =>
  request
    .getAllResponseHeaders()
    .trim()
    .split("\r\n")
    .filter(Boolean)
    .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]);

function unreachable(sent: Sent): string {
  if (!sent.url) return SILENT;
  return `The CDN host did not answer this page. Either it cannot be reached, or ${location.origin} is not among the upload origins of the project: add it in the project's settings, or by “reupload admin project update PROJECT --origin ${location.origin}”.`;
}
