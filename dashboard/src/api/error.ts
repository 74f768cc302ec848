/** A refusal of the server, or with status 0 a request that got no answer. */
export class ApiError extends Error {
  override name = "ApiError";
  constructor(
    /** The HTTP status; 0 when the server was not reached. */
    readonly status: number,
    /** The code of the contract, such as `NOT_FOUND`; `NETWORK` with status 0. */
    readonly code: string,
    message: string,
    readonly extra: {
      requestId?: string;
      details?: unknown /** Seconds to wait, of a 429 or 503. */;
      retryAfter?: number;
    } = {},
  ) {
    super(message);
  }
}

/** One sentence for people: what happened, and the request's id where somebody may have to look into it. */
export function errorText(error: unknown): string {
  if (!(error instanceof ApiError)) return "Something went wrong on this page. Reload it and try again.";
  const id = error.status >= 500 && error.extra.requestId ? ` Request ${error.extra.requestId}.` : "";
  return `${error.message}${id}`;
}
