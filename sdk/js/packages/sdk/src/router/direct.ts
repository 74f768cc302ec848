/** One file as a form, through the application: it is sent on while it arrives, and never held as a whole. */
import { FileRouteError } from "../errors.js";
import { type FormPart, fieldText, readForm } from "./form.js";
import type { FileRequest } from "./grant.js";
import { checkSize, type Restriction } from "./restrict.js";

const FIELD_LIMIT = 64 * 1024;
const FIELDS = 20;
/** What `authorize` is told of, so that it cannot come after the file, when `authorize` has spoken. */
const TOLD: ReadonlySet<string> = new Set(["filename", "projectId", "isPublic"]);

/** A file whose bytes have not arrived yet. */
export interface ArrivingFile {
  readonly asked: FileRequest & { filename: string; contentType: string };
  readonly data: AsyncIterable<Uint8Array>;
  /** Lets go of the rest of the form, if `data` is not read. */
  discard(): Promise<void>;
}

/**
 * Reads a form up to its file.
 * @throws FileRouteError 400 or 413 if the form is wrong; the file's `data` throws the same for what comes behind.
 */
export async function arrivingFile(request: Request, restrict: Restriction | undefined): Promise<ArrivingFile> {
  const form = readForm(request);
  try {
    return await fileIn(form, restrict);
  } catch (error) {
    await form.return();
    throw error;
  }
}

async function fileIn(form: AsyncGenerator<FormPart, void>, restrict: Restriction | undefined): Promise<ArrivingFile> {
  const fields = new Map<string, string>();
  for (;;) {
    const { done, value: part } = await form.next();
    if (done) throw new FileRouteError(400, "MISSING_FILE", 'The form has no file in its field "file".');
    if (part.filename !== null) return described(part, form, fields, restrict);
    if (fields.size >= FIELDS) throw refused("The form has too many fields.");
    fields.set(part.name, (await fieldText(part, FIELD_LIMIT)).trim());
  }
}

function described(
  part: FormPart,
  form: AsyncGenerator<FormPart, void>,
  fields: ReadonlyMap<string, string>,
  restrict: Restriction | undefined,
): ArrivingFile {
  if (part.name !== "file" || !part.filename) {
    throw new FileRouteError(400, "MISSING_FILE", 'Send the file, with its name, in the field "file".');
  }
  const filename = fields.get("filename") || part.filename;
  const contentType = part.contentType || "application/octet-stream";
  const projectId = fields.get("projectId");
  const asked = { action: "direct" as const, filename, contentType, isPublic: flag(fields.get("isPublic")) };
  return {
    asked: projectId ? { ...asked, projectId } : asked,
    data: bytesOf(part, form, restrict),
    discard: async () => {
      await form.return();
    },
  };
}

/** Ends only when the whole form was right: until then Reupload has half a request, of which it makes no file. */
async function* bytesOf(
  file: FormPart,
  form: AsyncGenerator<FormPart, void>,
  restrict: Restriction | undefined,
): AsyncGenerator<Uint8Array, void> {
  try {
    let size = 0;
    for await (const piece of file.body) {
      size += piece.byteLength;
      checkSize(restrict, size);
      yield piece;
    }
    let fields = 0;
    for await (const part of form) {
      if (part.filename !== null) throw refused("Send one file.");
      if (TOLD.has(part.name)) throw refused(`Send the field "${part.name}" before the file.`);
      fields += 1;
      if (fields > FIELDS) throw refused("The form has too many fields.");
      await fieldText(part, FIELD_LIMIT);
    }
  } finally {
    await form.return();
  }
}

function flag(value: string | undefined): boolean {
  if (!value) return false;
  if (/^(?:true|false)$/i.test(value)) return value.toLowerCase() === "true";
  throw new FileRouteError(400, "VALIDATION_ERROR", 'The field "isPublic" must be true or false.');
}

function refused(message: string): FileRouteError {
  return new FileRouteError(400, "MALFORMED_REQUEST", message);
}
