import type { FileInfo } from "@/api/wire";

export type PreviewKind = "image" | "video" | "audio" | "pdf" | "text";

/** What the CDN host shows in place; everything else it sends as an attachment. */
const IMAGES = ["image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "image/bmp"];

/** Text that may be code: read as text here, and never run. */
const TEXTS = [
  "application/json",
  "application/ld+json",
  "application/xml",
  "application/javascript",
  "application/x-javascript",
  "application/x-sh",
  "application/yaml",
  "application/toml",
  "application/sql",
  "image/svg+xml",
];

/** How a file can be shown; null if a browser cannot. */
export function previewKind({ mimeType }: Pick<FileInfo, "mimeType">): PreviewKind | null {
  const mime = mimeType.split(";")[0]?.trim().toLowerCase() ?? "";
  if (IMAGES.includes(mime)) return "image";
  if (mime.startsWith("video/")) return "video";
  if (mime.startsWith("audio/") && !mime.includes("mpegurl")) return "audio";
  if (mime === "application/pdf") return "pdf";
  if (mime.startsWith("text/") || TEXTS.includes(mime)) return "text";
  return null;
}
