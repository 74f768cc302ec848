/** Common choices of a project's allowed types. */
export const TYPE_PRESETS: readonly { label: string; types: readonly string[] }[] = [
  { label: "Images", types: ["image/*"] },
  { label: "Video", types: ["video/*"] },
  { label: "Audio", types: ["audio/*"] },
  { label: "PDF", types: ["application/pdf"] },
  {
    label: "Office",
    types: [
      "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
      "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ],
  },
  { label: "Text", types: ["text/*"] },
  { label: "Zip", types: ["application/zip"] },
];

/** Ends of file names that people write in place of a type. */
const BY_EXTENSION: Record<string, string> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  svg: "image/svg+xml",
  pdf: "application/pdf",
  mp4: "video/mp4",
  mp3: "audio/mpeg",
  zip: "application/zip",
  csv: "text/csv",
  txt: "text/plain",
  json: "application/json",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
};

const GROUPS = ["image", "video", "audio", "text", "font", "model"];

/** What is wrong with one entry of the allowed types, with what was probably meant; undefined if it is right. */
export function typeHint(
  text: string,
  others: readonly string[] = [],
): { kind: "error"; text: string; fix?: string } | undefined {
  const entry = text.trim().toLowerCase();
  if (!entry) return undefined;
  if (others.some((other) => other.toLowerCase() === entry))
    return { kind: "error", text: "This type is listed twice." };
  if (entry === "*/*" || entry === "*") {
    return { kind: "error", text: "For every type, leave the list empty." };
  }
  // RFC 6838, section 4.2, and a star for a whole group.
  if (/^[a-z0-9!#$&^_.+-]+\/([a-z0-9!#$&^_.+-]+|\*)$/.test(entry)) return undefined;
  const bare = entry.replace(/^\*?\.?/, "").replace(/s$/, "");
  const fix = BY_EXTENSION[entry.replace(/^\*?\./, "")] ?? (GROUPS.includes(bare) ? `${bare}/*` : undefined);
  return {
    kind: "error",
    text: "This is not a media type. Write image/png, or image/* for all of a group.",
    ...(fix ? { fix } : {}),
  };
}
