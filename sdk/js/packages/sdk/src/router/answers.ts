/** How the routes answer: JSON, and errors always as `{"error", "message"}`, as Reupload's own API does. */
import { FileRouteError, ReuploadCdnError, ReuploadConnectionError, ReuploadError } from "../errors.js";
import { isObject } from "../http.js";

const CODES: Readonly<Record<number, string>> = {
  400: "MALFORMED_REQUEST",
  401: "UNAUTHORIZED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  413: "FILE_TOO_LARGE",
  415: "CONTENT_TYPE_NOT_ALLOWED",
  429: "RATE_LIMITED",
};

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers: { "Cache-Control": "no-store", ...headers } });
}

/** The answer to an error. `report` hears of those that nobody foresaw; their text stays here. */
export function errorAnswer(error: unknown, report: (error: unknown) => void): Response {
  const refuse = (status: number, code: string, message: string) => json(status, { error: code, message });
  if (error instanceof FileRouteError) return refuse(error.status, error.code, error.message);
  if (error instanceof ReuploadError && error.status !== 401 && !(error instanceof ReuploadConnectionError)) {
    return refuse(error.status, error.code, error.message);
  }
  const status = frameworkStatus(error);
  if (status !== null) return refuse(status, CODES[status] ?? "REQUEST_REFUSED", (error as Error).message);
  report(error);
  // Its text names addresses of the inside.
  if (error instanceof ReuploadConnectionError) return refuse(error.status, error.code, "Reupload gives no answer.");
  if (error instanceof ReuploadError) {
    // The application's key is wrong, and not the visitor's login, which is what 401 would say to a browser.
    return refuse(502, "UPSTREAM_UNAUTHORIZED", "The application is not allowed to use Reupload.");
  }
  if (error instanceof ReuploadCdnError) return refuse(502, "CDN_ERROR", error.message);
  return refuse(500, "INTERNAL_ERROR", "Unexpected error.");
}

/** The status of an error that `authorize` threw in its framework's own way, if that is one for the visitor. */
function frameworkStatus(error: unknown): number | null {
  if (!(error instanceof Error) || error instanceof ReuploadError || !isObject(error)) return null;
  const { status, statusCode } = error as { status?: unknown; statusCode?: unknown };
  const said = status ?? statusCode;
  return typeof said === "number" && said >= 400 && said < 500 ? said : null;
}

export function methodNotAllowed(allow: string): Response {
  return json(405, { error: "METHOD_NOT_ALLOWED", message: `Only ${allow} is answered here.` }, { Allow: allow });
}

/**
 * A body of at most `limit` bytes.
 * @throws FileRouteError 413 `FILE_TOO_LARGE`.
 */
export async function readAll(request: Request, limit: number): Promise<Uint8Array> {
  const reader = request.body?.getReader();
  if (!reader) return new Uint8Array();
  const pieces: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > limit) {
      drain(reader);
      throw new FileRouteError(413, "FILE_TOO_LARGE", `The body is larger than ${limit} bytes.`);
    }
    pieces.push(value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.byteLength;
  }
  return whole;
}

/** Reads to the end in the background: who is refused while sending must be able to finish, to see the answer. */
export function drain(reader: ReadableStreamDefaultReader<Uint8Array>): void {
  const read = async (): Promise<void> => {
    while (!(await reader.read()).done);
  };
  read().catch(() => undefined);
}
