import { ApiError } from "./error";

type Query = Record<string, string | number | boolean | null | undefined>;

export type RequestOptions = {
  /** Null and undefined are left out. */
  query?: Query;
  /** Sent as JSON. */
  body?: unknown;
  signal?: AbortSignal;
  /** A 401 is this call's own answer, as at sign-in, and does not lead to the sign-in page. */
  anonymous?: boolean;
};

let onSignedOut: () => void = () => {};

/** Called at each 401: the session has ended. */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

/** A path with its parts escaped: `` path`/workspaces/${id}` ``. */
export const path = (texts: TemplateStringsArray, ...parts: string[]): string =>
  String.raw({ raw: texts }, ...parts.map(encodeURIComponent));

function address(target: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined) search.set(name, String(value));
  }
  const text = search.toString();
  return `${target}${text && `?${text}`}`;
}

async function request<Answer>(method: string, target: string, options: RequestOptions = {}): Promise<Answer> {
  const { query, body, signal, anonymous } = options;
  let response: Response;
  try {
    response = await fetch(address(target, query), {
      method,
      headers: {
        Accept: "application/json",
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
  } catch (failure) {
    if (signal?.aborted) throw failure;
    throw new ApiError(0, "NETWORK", "The server cannot be reached. Check the connection and try again.");
  }
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return answer as Answer;
  if (response.status === 401 && !anonymous) onSignedOut();
  throw refusal(response, answer);
}

function refusal(response: Response, answer: unknown): ApiError {
  const { error, message, requestId, details } = (answer ?? {}) as Record<string, unknown>;
  const wait = Number(response.headers.get("Retry-After") ?? "");
  return new ApiError(
    response.status,
    typeof error === "string" ? error : "UNKNOWN",
    // Not the server but something before it, such as a proxy, answers without our words.
    typeof message === "string"
      ? message
      : `The server answered with status ${response.status}. Try again in a moment.`,
    {
      ...(typeof requestId === "string" ? { requestId } : {}),
      ...(details === undefined ? {} : { details }),
      ...(wait > 0 ? { retryAfter: wait } : {}),
    },
  );
}

/** Calls to what lies below `base`. Each resolves with the JSON of a 2xx, and rejects with an `ApiError`. */
const below = (base: string) => ({
  get: <Answer>(target: string, options?: RequestOptions) => request<Answer>("GET", base + target, options),
  post: <Answer>(target: string, body: unknown = {}, options?: RequestOptions) =>
    request<Answer>("POST", base + target, { ...options, body }),
  patch: <Answer>(target: string, body: unknown, options?: RequestOptions) =>
    request<Answer>("PATCH", base + target, { ...options, body }),
  delete: <Answer>(target: string, options?: RequestOptions) => request<Answer>("DELETE", base + target, options),
});

/** The dashboard's own API; the session's cookie goes with each request by itself. */
export const api = below("/api/dashboard");

/** The inbox of `reupload dev`, which needs no session. */
export const inboxApi = below("/dev/webhooks");
