/**
 * The errors of the package.
 *
 *     ReuploadError               the API refused: status, code, message, requestId, details, maybeDone
 *     ├── ReuploadConnectionError no answer after all tries; `cause` is what fetch said
 *     ├── UploadFailedError       an upload ended as FAILED or CANCELLED: uploadId, failureReason
 *     └── UploadTimeoutError      an upload was not ready in time: uploadId
 *     ReuploadCdnError            the CDN host refused a PUT: status, code, message, requestId
 *     WebhookVerificationError    a webhook is not from Reupload, or too old
 *     FileRouteError              your application refuses a request of the file routes: status, code, message
 */
import type { FailureReason } from "./types.js";

/** What an answer that is not 2xx says, as far as its body can be read: a proxy in between may have answered instead. */
export interface Refusal {
  status: number;
  code: string | null;
  message: string | null;
  requestId: string | null;
  details: Record<string, unknown> | null;
}

/**
 * The API refused a request. `code` is for programs (`docs/reference/errors.md` lists all), `message` for people.
 * `requestId` finds the request in the server's log; `details` are figures, such as those of `QUOTA_EXCEEDED`.
 */
export class ReuploadError extends Error {
  override readonly name: string = "ReuploadError";
  readonly status: number;
  readonly code: string;
  readonly requestId: string | null;
  readonly details: Record<string, unknown> | null;
  /** An earlier try got no answer, so the server may have done what this one was refused. */
  readonly maybeDone: boolean;

  constructor(status: number, code: string, message: string, more: ErrorOptions & Partial<Refusal> = {}, done = false) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.status = status;
    this.code = code;
    this.requestId = more.requestId ?? null;
    this.details = more.details ?? null;
    this.maybeDone = done;
  }
}

/** No whole answer came, after all tries: 503 `CONNECTION_ERROR`, or 504 `TIMEOUT`. `cause` is what fetch said. */
export class ReuploadConnectionError extends ReuploadError {
  override readonly name = "ReuploadConnectionError";

  constructor(cause: unknown) {
    const late = isTimeout(cause);
    super(late ? 504 : 503, late ? "TIMEOUT" : "CONNECTION_ERROR", unanswered("Reupload", cause), { cause }, true);
  }
}

/**
 * An upload will never be ready. FAILED has status 422 and the `failureReason` as `code`; CANCELLED has 409 and
 * `UPLOAD_CANCELLED`.
 */
export class UploadFailedError extends ReuploadError {
  override readonly name = "UploadFailedError";

  constructor(
    readonly uploadId: string,
    ended: "FAILED" | "CANCELLED",
    readonly failureReason: FailureReason | null,
  ) {
    const because = failureReason ? `: ${failureReason}` : "";
    const code = ended === "CANCELLED" ? "UPLOAD_CANCELLED" : (failureReason ?? "UPLOAD_FAILED");
    super(ended === "CANCELLED" ? 409 : 422, code, `Upload session ${uploadId} ended with status ${ended}${because}.`);
  }
}

/** An upload was still being processed when the time to wait was over (504 `UPLOAD_TIMEOUT`). It may become ready later. */
export class UploadTimeoutError extends ReuploadError {
  override readonly name = "UploadTimeoutError";

  constructor(readonly uploadId: string) {
    super(504, "UPLOAD_TIMEOUT", `Timed out waiting for upload session ${uploadId} to complete.`);
  }
}

/** The CDN host refused a PUT, or gave no answer: then `code` is `CONNECTION_ERROR` (503) or `TIMEOUT` (504). */
export class ReuploadCdnError extends Error {
  override readonly name = "ReuploadCdnError";
  readonly status: number;
  /** Null if the answer was not the server's own. */
  readonly code: string | null;
  readonly requestId: string | null;

  constructor(status: number, code: string | null, message: string, more: ErrorOptions & Partial<Refusal> = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.status = status;
    this.code = code;
    this.requestId = more.requestId ?? null;
  }

  /** The error for a PUT without an answer. */
  static unanswered(cause: unknown): ReuploadCdnError {
    const late = isTimeout(cause);
    const message = unanswered("the CDN host", cause);
    return new ReuploadCdnError(late ? 504 : 503, late ? "TIMEOUT" : "CONNECTION_ERROR", message, { cause });
  }
}

/** A webhook's signature is missing, malformed, wrong or too old. Answer 400 and do nothing else. */
export class WebhookVerificationError extends Error {
  override readonly name = "WebhookVerificationError";
}

/** Thrown by `authorize` to refuse. It is answered as `{"error": code, "message": message}` with `status`. */
export class FileRouteError extends Error {
  override readonly name = "FileRouteError";

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Whether the API refused, gave no answer, or an upload failed: `status` and `code` say which. */
export function isReuploadError(error: unknown): error is ReuploadError {
  return error instanceof ReuploadError;
}

export function isReuploadCdnError(error: unknown): error is ReuploadCdnError {
  return error instanceof ReuploadCdnError;
}

/** Why the deadline of a try ends it; named as `AbortSignal.timeout` names its reason. */
export function timeoutReason(ms: number): DOMException {
  return new DOMException(`No answer within ${ms} ms`, "TimeoutError");
}

function isTimeout(cause: unknown): boolean {
  return cause instanceof DOMException && cause.name === "TimeoutError";
}

function unanswered(host: string, cause: unknown): string {
  // fetch says no more than "fetch failed"; the reason is inside.
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const code = inner instanceof Error && "code" in inner ? String(inner.code) : "";
  const why = inner instanceof Error ? inner.message || code || inner.name : String(inner);
  return `No answer from ${host}: ${why}.`;
}
