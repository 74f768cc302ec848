/** What the browser sends to the file routes, checked. All of it throws FileRouteError 400 `VALIDATION_ERROR`. */
import { FileRouteError } from "../errors.js";
import { isObject, parsed } from "../http.js";
import type { FileAccessVariant } from "../types.js";
import { readAll } from "./answers.js";

/** Bytes of a body that has no file. */
const BODY_LIMIT = 64 * 1024;
const VARIANTS: readonly FileAccessVariant[] = ["original", "thumb_64", "thumb_160", "thumb_320"];

/** `size` in bytes. */
export interface PrepareBody {
  filename: string;
  contentType: string;
  size: number;
  projectId?: string;
  isPublic: boolean;
}

export interface AccessQuery {
  variant: FileAccessVariant;
  download: boolean;
}

export async function prepareBody(request: Request): Promise<PrepareBody> {
  const body = await jsonObject(request);
  const { size, isPublic, projectId } = body;
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 1)
    throw wrong("size: a number of bytes, 1 or more.");
  if (isPublic !== undefined && isPublic !== null && typeof isPublic !== "boolean")
    throw wrong("isPublic: true or false.");
  if (projectId !== undefined && projectId !== null && typeof projectId !== "string") throw wrong("projectId: a text.");
  return {
    filename: text(body, "filename", 512),
    contentType: text(body, "contentType", 255),
    size,
    isPublic: isPublic === true,
    ...(projectId && { projectId }),
  };
}

/** Of `complete` and `cancel`. */
export async function completeBody(request: Request): Promise<{ uploadId: string }> {
  return { uploadId: text(await jsonObject(request), "uploadId", 255) };
}

export function accessQuery(request: Request): AccessQuery {
  const query = new URL(request.url).searchParams;
  const wanted = query.get("variant") || "original";
  const variant = VARIANTS.find((one) => one === wanted);
  if (!variant) throw wrong(`variant: one of ${VARIANTS.join(", ")}.`);
  const download = query.get("download") || "false";
  if (download !== "true" && download !== "false") throw wrong("download: true or false.");
  return { variant, download: download === "true" };
}

/** Only `application/json`: a page of another site can send other types without asking, with the visitor's cookies. */
async function jsonObject(request: Request): Promise<Record<string, unknown>> {
  const type = (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    throw new FileRouteError(415, "CONTENT_TYPE_NOT_ALLOWED", "Send JSON, with the type application/json.");
  }
  const body = parsed(new TextDecoder().decode(await readAll(request, BODY_LIMIT)));
  if (!isObject(body)) throw wrong("The body must be a JSON object.");
  return body;
}

function text(body: Record<string, unknown>, name: string, most: number): string {
  const value = body[name];
  if (typeof value !== "string" || value === "" || value.length > most) throw wrong(`${name}: a text of 1 to ${most}.`);
  return value;
}

function wrong(message: string): FileRouteError {
  return new FileRouteError(400, "VALIDATION_ERROR", message);
}
