/** Where it failed: on the way to your backend or by its answer, or on the way to the upload host or by its answer. */
export type ErrorPhase = "backend" | "cdn";

/** The fields of a `ReuploadClientError`. */
export interface ReuploadClientErrorInit {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly phase: ErrorPhase;
  readonly failureReason?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/**
 * What every method of the client rejects with.
 *
 * `status` is the HTTP status of the answer, 0 if the error is not an answer's. `code` is the `error` of the answer's body, or one
 * of the client's own: `ABORTED`, `NETWORK_ERROR`, `TIMEOUT`, `FILE_TOO_LARGE`, `FILE_TYPE_NOT_ACCEPTED`, `EMPTY_FILE`,
 * `UPLOAD_FAILED`, `POLL_TIMEOUT`, `INVALID_RESPONSE`, `HTTP_ERROR` (an answer that names no code), `POPUP_BLOCKED`,
 * `UNKNOWN_ERROR` (a function of yours has thrown; see `cause`). `message` is a sentence for a person.
 */
export class ReuploadClientError extends Error {
  override readonly name = "ReuploadClientError";
  readonly status: number;
  readonly code: string;
  readonly phase: ErrorPhase;
  /** Why the server refused the file after it had come, with `UPLOAD_FAILED`: `MALWARE_DETECTED` and so on. */
  readonly failureReason: string | undefined;
  /** How long the answer asks to wait before the next try (`Retry-After`, RFC 9110 section 10.2.3, given in seconds). */
  readonly retryAfterMs: number | undefined;

  constructor(init: ReuploadClientErrorInit) {
    super(init.message, "cause" in init ? { cause: init.cause } : undefined);
    this.status = init.status;
    this.code = init.code;
    this.phase = init.phase;
    this.failureReason = init.failureReason;
    this.retryAfterMs = init.retryAfterMs;
  }
}

/** Whether it is an error of this client, also of another copy of this package in the same page. */
export function isReuploadClientError(error: unknown): error is ReuploadClientError {
  return error instanceof Error && error.name === "ReuploadClientError";
}

/** One of the client's own errors: there is no answer that it stands for. */
export function ownError(code: string, message: string, phase: ErrorPhase = "backend", cause?: unknown) {
  return new ReuploadClientError({ status: 0, code, message, phase, ...(cause === undefined ? {} : { cause }) });
}

/** The error as it is if it is the client's, else the client's error that has it as its cause. */
export function asClientError(error: unknown): ReuploadClientError {
  if (isReuploadClientError(error)) return error;
  const message = error instanceof Error && error.message ? error.message : "Something went wrong.";
  return ownError("UNKNOWN_ERROR", message, "backend", error);
}

/** The error that an answer without success stands for. `text` is its body. */
export function answerError(status: number, text: string, retryAfter: string | null, phase: ErrorPhase) {
  let body: { error?: unknown; message?: unknown } | null = null;
  try {
    body = JSON.parse(text);
  } catch {
    // Not everything between here and the server answers in JSON: a proxy's page says nothing that helps a person.
  }
  const seconds = Number(retryAfter ?? Number.NaN);
  return new ReuploadClientError({
    status,
    code: typeof body?.error === "string" ? body.error : "HTTP_ERROR",
    message: typeof body?.message === "string" ? body.message : `The server answered with status ${status}.`,
    phase,
    retryAfterMs: seconds >= 0 ? seconds * 1000 : undefined,
  });
}

const REASONS: Record<string, string> = {
  MALWARE_DETECTED: "Malware was found in the file.",
  NOT_SCANNABLE: "The file could not be scanned for malware.",
  SCAN_UNAVAILABLE: "The malware scanner could not be reached.",
  CONTENT_TYPE_NOT_ALLOWED: "Files of this type are not allowed.",
  SIZE_MISMATCH: "The file did not arrive whole.",
  QUOTA_EXCEEDED: "There is no room left for this file.",
  EXPIRED: "The upload took too long and has expired.",
  STORAGE_ERROR: "The file could not be stored.",
};

/** The error of an upload that the server has ended without a file. */
export function failureError(status: string, reason: string | null | undefined) {
  const words = status === "CANCELLED" ? "The upload was cancelled." : REASONS[reason ?? ""];
  return new ReuploadClientError({
    status: 0,
    code: "UPLOAD_FAILED",
    message: words ?? (reason ? `The upload failed: ${reason}.` : "The upload failed."),
    phase: "backend",
    failureReason: reason ?? undefined,
  });
}
