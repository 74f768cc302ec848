import { Content, sourceOf } from "./body.js";
import { ReuploadCdnError } from "./errors.js";
import { type Answer, exchange, type Fetch, isSuccess, parsed, refusal } from "./http.js";
import { Tries } from "./retry.js";
import type { CallOptions, OnProgress, StoredPut, UploadBody } from "./types.js";

export interface PutOptions extends CallOptions {
  fetch?: Fetch | undefined;
  /** Bytes, for a stream; without it the stream is sent in chunks of unknown number. */
  size?: number | undefined;
  onProgress?: OnProgress | undefined;
  /** Tries after the first one (3). */
  maxRetries?: number | undefined;
}

/**
 * Sends the bytes of a session to its `uploadUrl`, on the CDN host; it needs no API key. Size and type must be those of
 * the session. A PUT may be repeated until `complete`, so lost answers do no harm.
 *
 * @throws ReuploadCdnError for a refusal, and when no answer came.
 */
export async function putToUploadUrl(
  uploadUrl: string,
  body: UploadBody,
  contentType: string,
  options: PutOptions = {},
): Promise<StoredPut> {
  const content = new Content([sourceOf(body, options.size)], contentType, options.onProgress);
  const tries = new Tries(options.maxRetries ?? 3, "PUT", content);
  const sent = { method: "PUT", url: uploadUrl, headers: content.headers(), content, text: null };
  let answer: Answer;
  try {
    answer = await exchange(options.fetch, tries, sent, { ...options, timeoutMs: options.timeoutMs ?? 60_000 });
  } catch (error) {
    options.signal?.throwIfAborted();
    if (content.fault) throw error;
    throw ReuploadCdnError.unanswered(error);
  }
  if (!isSuccess(answer)) {
    const said = refusal(answer);
    const message = `CDN upload failed with status ${said.status}. ${said.message ?? ""}`.trimEnd();
    throw new ReuploadCdnError(said.status, said.code, message, said);
  }
  return parsed(answer.text) as StoredPut;
}
