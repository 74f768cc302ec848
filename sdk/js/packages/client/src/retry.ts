import { sleep } from "./abort.js";
import { isReuploadClientError } from "./errors.js";

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 8_000;
const LONGEST_RETRY_AFTER_MS = 60_000;

/** A fault on the way or of the server, which may be gone at the next try; not what an answer has refused (4xx). */
function isTransient(error: unknown): boolean {
  if (!isReuploadClientError(error)) return false;
  return error.status >= 500 || error.code === "NETWORK_ERROR" || error.code === "TIMEOUT";
}

/** Full jitter: any time up to a bound that doubles, so that clients cut off together do not come back together. */
function waitMs(attempt: number, retryAfterMs: number | undefined): number {
  if (retryAfterMs !== undefined) return Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS);
  return Math.random() * Math.min(FIRST_WAIT_MS * 2 ** attempt, LONGEST_WAIT_MS);
}

/** Does it, and up to `retries` times again after transient faults. Only for what may be done twice. */
export async function retrying<T>(retries: number, signal: AbortSignal | undefined, action: () => Promise<T>) {
  for (let attempt = 0; ; attempt++) {
    try {
      return await action();
    } catch (error) {
      if (attempt >= retries || !isTransient(error)) throw error;
      await sleep(waitMs(attempt, isReuploadClientError(error) ? error.retryAfterMs : undefined), signal);
    }
  }
}
