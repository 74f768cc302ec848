import { ownError, type ReuploadClientError } from "./errors.js";
import { formatBytes } from "./format.js";
import type { FileValidation } from "./types.js";

/** What browsers often give no type for, by extension. */
const TYPES: Record<string, string> = {
  "image/jpeg": "jpg jpeg",
  "image/png": "png",
  "image/gif": "gif",
  "image/webp": "webp",
  "image/avif": "avif",
  "image/heic": "heic",
  "image/heif": "heif",
  "image/svg+xml": "svg",
  "image/tiff": "tif tiff",
  "image/bmp": "bmp",
  "video/mp4": "mp4 m4v",
  "video/quicktime": "mov",
  "video/webm": "webm",
  "video/x-matroska": "mkv",
  "audio/mpeg": "mp3",
  "audio/mp4": "m4a",
  "audio/wav": "wav",
  "audio/ogg": "ogg oga",
  "audio/flac": "flac",
  "text/plain": "txt",
  "text/markdown": "md",
  "text/csv": "csv",
  "text/html": "html htm",
  "application/pdf": "pdf",
  "application/json": "json",
  "application/zip": "zip",
};

function typeByExtension(name: string): string {
  const extension = /\.([^.]+)$/.exec(name)?.[1] ?? "";
  return Object.keys(TYPES).find((type) => TYPES[type]?.split(" ").includes(extension)) ?? "";
}

/**
 * Whether a file fits an `accept` list, as browsers match it (HTML, `input` element, `accept` attribute): `.pdf`, `image/*` or
 * `text/plain`, parted by commas, in any case. Without a type, the name's extension says it. An empty list takes everything.
 */
export function matchesAccept(file: { readonly name: string; readonly type: string }, accept: string): boolean {
  const tokens = accept
    .toLowerCase()
    .split(",")
    .map((token) => token.trim())
    .filter(Boolean);
  const name = file.name.toLowerCase();
  const type = file.type.toLowerCase().split(";")[0]?.trim() || typeByExtension(name);
  return (
    tokens.length === 0 ||
    tokens.some((token) => {
      if (token.startsWith(".")) return name.endsWith(token);
      if (token === "*" || token === "*/*") return true;
      return token.endsWith("/*") ? type.startsWith(token.slice(0, -1)) : type === token;
    })
  );
}

/**
 * Why a file may not be uploaded, or null if it may: `EMPTY_FILE`, `FILE_TOO_LARGE` or `FILE_TYPE_NOT_ACCEPTED`. It only saves the
 * way: a page can be talked out of it, so your backend and the project have the last word.
 */
export function validateFile(
  file: { readonly name: string; readonly type: string; readonly size: number },
  { maxBytes, accept }: FileValidation = {},
): ReuploadClientError | null {
  if (file.size === 0) return ownError("EMPTY_FILE", "The file is empty.");
  if (maxBytes !== undefined && file.size > maxBytes) {
    const sizes = `${formatBytes(file.size)}, and at most ${formatBytes(maxBytes)} are allowed`;
    return ownError("FILE_TOO_LARGE", `The file is too large: it has ${sizes}.`);
  }
  if (accept !== undefined && !matchesAccept(file, accept)) {
    return ownError("FILE_TYPE_NOT_ACCEPTED", `Files of this type are not accepted. Accepted: ${accept.trim()}.`);
  }
  return null;
}
