import { FileRouteError } from "../errors.js";

/** `maxBytes` is inclusive; `accept` is written as in `<input accept>`: `.pdf, image/*, text/plain`. */
export interface Restriction {
  maxBytes?: number | undefined;
  accept?: string | undefined;
}

/**
 * Type and name are the browser's word: the server looks at the bytes, too.
 * @throws FileRouteError 415 `CONTENT_TYPE_NOT_ALLOWED`.
 */
export function checkType(restrict: Restriction | undefined, filename: string, contentType: string): void {
  if (!restrict?.accept?.trim()) return;
  const name = filename.toLowerCase();
  const type = (contentType.split(";")[0] ?? "").trim().toLowerCase();
  const fits = (wanted: string): boolean => {
    if (wanted.startsWith(".")) return name.endsWith(wanted);
    if (wanted === "*/*") return true;
    return wanted.endsWith("/*") ? type.startsWith(wanted.slice(0, -1)) : type === wanted;
  };
  const list = restrict.accept.toLowerCase().split(",");
  if (list.some((wanted) => wanted.trim() !== "" && fits(wanted.trim()))) return;
  throw new FileRouteError(
    415,
    "CONTENT_TYPE_NOT_ALLOWED",
    `Files of this type are not taken, only ${restrict.accept}.`,
  );
}

/** @throws FileRouteError 413 `FILE_TOO_LARGE`. */
export function checkSize(restrict: Restriction | undefined, bytes: number): void {
  if (restrict?.maxBytes === undefined || bytes <= restrict.maxBytes) return;
  throw new FileRouteError(413, "FILE_TOO_LARGE", `The file is larger than ${restrict.maxBytes} bytes.`);
}
