/**
 * When a request is tried again, and after how long; one policy for the API and the CDN host. Delays grow from 0.25 s to
 * 8 s and are drawn at random below that ("full jitter"), so that many clients do not come back together.
 */
import type { Content } from "./body.js";

const RETRIED: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);
const FIRST_MS = 250;
const MOST_MS = 8_000;
/** A server that asks for more by `Retry-After` is not waited for: the caller should know at once. */
const PATIENCE_MS = 60_000;

/** The tries of one request. */
export class Tries {
  /** An earlier try got no answer, so the server may have done it. */
  mayHaveArrived = false;
  #done = 0;

  constructor(
    private readonly maxRetries: number,
    private readonly method: string,
    private readonly content: Content | null,
  ) {}

  /** Milliseconds to wait, or null to give up. A PATCH that may have arrived is not sent again. */
  afterError(): number | null {
    this.mayHaveArrived = true;
    return this.method === "PATCH" ? null : this.#next(null);
  }

  /** Milliseconds to wait, or null if this is the answer. */
  afterAnswer(status: number, retryAfter: string | null): number | null {
    if (!(this.method === "PATCH" ? status === 429 : RETRIED.has(status))) return null;
    if (status !== 429) this.mayHaveArrived = true;
    return this.#next(retryAfterMs(retryAfter, Date.now()));
  }

  #next(asked: number | null): number | null {
    const impatient = asked !== null && asked > PATIENCE_MS;
    if (this.#done >= this.maxRetries || impatient || !(this.content?.canBegin() ?? true)) return null;
    const most = Math.min(MOST_MS, FIRST_MS * 2 ** this.#done);
    this.#done += 1;
    return asked ?? Math.random() * most;
  }
}

/** Milliseconds from a `Retry-After` header (RFC 9110, 10.2.3: seconds or a date); null if there is none to be read. */
export function retryAfterMs(value: string | null, now: number): number | null {
  const text = value?.trim() ?? "";
  if (/^[0-9]+$/.test(text)) return Number(text) * 1000;
  // Date.parse takes almost anything, numbers with a sign among it; HTTP's dates all begin with a weekday.
  const at = /^[A-Z][a-z]+,? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(at - now, 0);
}

/** Waits; rejects with the signal's reason as soon as that is aborted. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
