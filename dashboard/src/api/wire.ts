import type { Schemas } from "./types";

/** What the server says of files and uploads. Times are ISO 8601 in UTC, sizes are bytes, durations seconds. */
export type FileInfo = Schemas["FilePublic"];
export type FilePage = Schemas["FileList"];
export type FileChange = Schemas["PatchFile"];
export type Variant = Schemas["Variant"];
/** A direct subfolder: its whole path, and what is in it and below it. */
export type Folder = Schemas["Subfolder"];
/** `expiresIn` is null for a public file, whose address does not end. */
export type Access = Schemas["FileAccess"];
export type Step = Schemas["Step"];
export type TimelineEntry = Schemas["TimelineEntry"];
export type Upload = Schemas["UploadPublic"];
export type UploadPage = Schemas["UploadList"];
export type UploadStatus = Schemas["Status"];
export type FailureReason = Schemas["FailureReason"];

export type Category = Schemas["Category"];

/** In the order in which they are offered. */
export const CATEGORIES = [
  "image",
  "video",
  "audio",
  "document",
  "archive",
  "code",
  "other",
] as const satisfies Category[];
