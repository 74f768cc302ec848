import { abortedError } from "./abort.js";
import { answerError, ownError, type ReuploadClientError } from "./errors.js";

/** A body on its way to a signed address. */
export interface PutRequest {
  readonly url: string;
  readonly body: Blob;
  readonly contentType: string;
  readonly stallTimeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** The bytes that have left; never fewer than before. */
  readonly onProgress?: ((loaded: number) => void) | undefined;
}

/**
 * Sends the bytes once. By XMLHttpRequest, because fetch does not tell how far an upload is. No credentials and no header but
 * `Content-Type`: the address itself is the permission.
 */
export function putBytes(request: PutRequest): Promise<void> {
  const { signal, body, stallTimeoutMs } = request;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(abortedError("cdn"));
    const xhr = new XMLHttpRequest();
    let furthest = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;

    const settle = (error?: ReuploadClientError) => {
      xhr.upload.onprogress = xhr.upload.onload = null;
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      if (error) reject(error);
      else resolve();
    };
    const onAbort = () => {
      settle(abortedError("cdn"));
      xhr.abort();
    };
    // A slow line may take hours, a dead one must not: only silence counts.
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        settle(ownError("TIMEOUT", `The upload stood still for ${stallTimeoutMs / 1000} s.`, "cdn"));
        xhr.abort();
      }, stallTimeoutMs);
    };

    xhr.upload.onprogress = (event) => {
      alive();
      furthest = Math.max(furthest, Math.min(event.loaded, body.size));
      request.onProgress?.(furthest);
    };
    xhr.upload.onload = alive;
    xhr.onload = () => {
      if (xhr.status >= 200 && xhr.status < 300) return settle();
      settle(answerError(xhr.status, xhr.responseText, xhr.getResponseHeader("Retry-After"), "cdn"));
    };
    xhr.onerror = () => settle(ownError("NETWORK_ERROR", "The connection broke while the file was sent.", "cdn"));

    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      xhr.open("PUT", request.url);
      xhr.setRequestHeader("Content-Type", request.contentType);
    } catch (cause) {
      return settle(ownError("INVALID_RESPONSE", "The address for the upload cannot be used.", "cdn", cause));
    }
    alive();
    xhr.send(body);
  });
}
