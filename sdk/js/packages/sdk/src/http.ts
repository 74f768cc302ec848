/** Sending: the tries of a request and the deadline of each, for the API and the CDN host. */
import type { Content } from "./body.js";
import { type Refusal, timeoutReason } from "./errors.js";
import { sleep, type Tries } from "./retry.js";
import type { CallOptions } from "./types.js";

/** A function as `fetch`; the runtime's own one is looked up anew for each call. */
export type Fetch = (input: string, init: RequestInit) => Promise<Response>;

/** How much longer than for JSON a piece of a file may take to move: disks and object stores have their moments. */
const UPLOAD_PATIENCE = 2;

export interface Sent {
  method: string;
  url: string;
  headers: Record<string, string>;
  content: Content | null;
  /** JSON; not together with `content`. */
  text: string | null;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

interface Limits extends CallOptions {
  timeoutMs: number;
}

/**
 * The last answer, whatever its status. Rejects with what fetch has said when no try got one, with the signal's reason
 * when that is aborted, and with what the body's source has thrown.
 */
export async function exchange(fetcher: Fetch | undefined, tries: Tries, sent: Sent, limits: Limits): Promise<Answer> {
  for (;;) {
    let delay: number | null;
    try {
      const answer = await once(fetcher ?? globalThis.fetch, sent, limits);
      delay = tries.afterAnswer(answer.status, answer.headers.get("retry-after"));
      if (delay === null) return answer;
    } catch (error) {
      limits.signal?.throwIfAborted();
      if (sent.content?.fault) throw sent.content.fault.error;
      delay = tries.afterError();
      if (delay === null) throw error;
    }
    await sleep(delay, limits.signal);
  }
}

async function once(fetcher: Fetch, sent: Sent, limits: Limits): Promise<Answer> {
  limits.signal?.throwIfAborted();
  const controller = new AbortController();
  const ms = limits.timeoutMs * (sent.content ? UPLOAD_PATIENCE : 1);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const restart = () => {
    clearTimeout(timer);
    timer = setTimeout(() => controller.abort(timeoutReason(ms)), ms);
  };
  // By hand: AbortSignal.any would keep something in a long-lived signal for each call.
  const pass = () => controller.abort(limits.signal?.reason);
  limits.signal?.addEventListener("abort", pass, { once: true });
  try {
    restart();
    const response = await fetcher(sent.url, {
      method: sent.method,
      headers: sent.headers,
      body: sent.content ? sent.content.open(restart) : sent.text,
      signal: controller.signal,
      redirect: "manual",
      // Next.js would answer a GET from its cache.
      cache: "no-store",
      ...(sent.content && { duplex: "half" }),
    } as RequestInit);
    return { status: response.status, headers: response.headers, text: await response.text() };
  } finally {
    clearTimeout(timer);
    limits.signal?.removeEventListener("abort", pass);
  }
}

export function isSuccess(answer: Answer): boolean {
  return answer.status >= 200 && answer.status < 300;
}

export function refusal(answer: Answer): Refusal {
  const body: unknown = parsed(answer.text);
  const field = (name: string): unknown => (isObject(body) ? body[name] : undefined);
  const text = (value: unknown): string | null => (typeof value === "string" ? value : null);
  const details = field("details");
  return {
    status: answer.status,
    code: text(field("error")),
    message: text(field("message")),
    requestId: text(field("requestId")) ?? answer.headers.get("x-request-id"),
    details: isObject(details) ? details : null,
  };
}

/** The JSON value, or undefined if it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
