import { abortedError, throwIfAborted } from "./abort.js";
import { answerError, ownError, ReuploadClientError } from "./errors.js";

/** The paths under `apiUrl` on your backend. `{uploadId}` and `{fileId}` are filled in. */
export interface ClientRoutes {
  readonly prepare: string;
  readonly complete: string;
  readonly status: string;
  readonly access: string;
  /** Told of an upload that was given up, so that its room is free at once. Null: the backend has no such route. */
  readonly cancel: string | null;
}

export const DEFAULT_ROUTES: ClientRoutes = {
  prepare: "/uploads/prepare",
  complete: "/uploads/complete",
  status: "/uploads/{uploadId}/status",
  access: "/files/{fileId}/access",
  cancel: "/uploads/cancel",
};

/** The headers of each request to your backend, or what gives them, such as a fresh token. */
export type ClientHeaders = HeadersInit | (() => HeadersInit | Promise<HeadersInit>);

export interface BackendOptions {
  readonly apiUrl: string;
  readonly fetch?: typeof fetch | undefined;
  readonly credentials?: RequestCredentials | undefined;
  readonly headers?: ClientHeaders | undefined;
  readonly timeoutMs: number;
}

export interface BackendCall {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  readonly keepalive?: boolean;
}

/** Asks your backend, and returns the answer's JSON object. Its errors are all the client's. */
export async function callBackend(options: BackendOptions, call: BackendCall): Promise<Record<string, unknown>> {
  throwIfAborted(call.signal);
  const given = typeof options.headers === "function" ? await options.headers() : options.headers;
  const headers = new Headers(given);
  if (!headers.has("Accept")) headers.set("Accept", "application/json");
  if (call.body !== undefined) headers.set("Content-Type", "application/json");
  throwIfAborted(call.signal);

  // AbortSignal.any is younger than the browsers that this should run in.
  const stop = new AbortController();
  const onAbort = () => stop.abort();
  call.signal?.addEventListener("abort", onAbort, { once: true });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    stop.abort();
  }, options.timeoutMs);

  try {
    // Looked up at each call: what replaces it (a service's tracing, a test) may come after the client. Called without `this`.
    const send = options.fetch ?? globalThis.fetch;
    const answer = await send(options.apiUrl + call.path, {
      method: call.method,
      headers,
      signal: stop.signal,
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      ...(options.credentials ? { credentials: options.credentials } : {}),
      ...(call.keepalive ? { keepalive: true } : {}),
    });
    const text = await answer.text();
    throwIfAborted(call.signal);
    if (!answer.ok) throw answerError(answer.status, text, answer.headers.get("Retry-After"), "backend");
    return parsed(answer.status, text);
  } catch (error) {
    if (error instanceof ReuploadClientError) throw error;
    if (call.signal?.aborted) throw abortedError();
    if (late) throw ownError("TIMEOUT", "The server did not answer in time.", "backend", error);
    throw ownError("NETWORK_ERROR", "The server could not be reached.", "backend", error);
  } finally {
    clearTimeout(timer);
    call.signal?.removeEventListener("abort", onAbort);
  }
}

function parsed(status: number, text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw invalidResponse(status, "a JSON object");
}

/** The answer has the right status, but is not what the route is to answer. */
export function invalidResponse(status: number, expected: string) {
  const message = `The server's answer cannot be understood: ${expected} was expected.`;
  return new ReuploadClientError({ status, code: "INVALID_RESPONSE", message, phase: "backend" });
}
