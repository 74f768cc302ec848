/** What the server says of files and uploads. Times are ISO 8601 in UTC, sizes are bytes, durations seconds. */

export const CATEGORIES = ["image", "video", "audio", "document", "archive", "code", "other"] as const;
export type Category = (typeof CATEGORIES)[number];

export type Variant = "original" | "thumb_64" | "thumb_160" | "thumb_320";

export type FileInfo = {
  id: string;
  workspaceId: string;
  projectId: string;
  name: string;
  originalName: string;
  mimeType: string;
  sizeBytes: number;
  category: Category;
  isPublic: boolean;
  publicUrl: string | null;
  uploadedVia: string;
  createdAt: string;
  updatedAt: string;
  sha256: string;
  /** Such as `invoices/2026`; empty at the top. */
  folder: string;
  metadata: Record<string, string>;
  ownerRef: string | null;
  /** The thumbnails that there are. */
  variants: Variant[];
  /** `clean`, or `skipped` where no scanner is configured. */
  scan: string;
};

export type FilePage = { files: FileInfo[]; nextCursor: string | null };

export type FileChange = Partial<Pick<FileInfo, "name" | "isPublic" | "folder" | "metadata">>;

/** A direct subfolder: its whole path, and what is in it and below it. */
export type Folder = { folder: string; files: number; sizeBytes: number };

export type Access = {
  url: string;
  accessType: "cdn" | "cdn_public";
  /** Seconds; null for a public file, whose address does not end. */
  expiresIn: number | null;
  variant: Variant;
  download: boolean;
};

export type Step =
  | "opened"
  | "received"
  | "accepted"
  | "stripped"
  | "scan_waiting"
  | "scanned"
  | "thumbnails"
  | "published"
  | "failed"
  | "cancelled"
  | "updated"
  | "deleted";

export type TimelineEntry = { at: string; step: Step; detail: Record<string, unknown> };

export type UploadStatus = "PENDING" | "UPLOADING" | "COMPLETED" | "FAILED" | "CANCELLED";

export type FailureReason =
  | "MALWARE_DETECTED"
  | "NOT_SCANNABLE"
  | "SCAN_UNAVAILABLE"
  | "CONTENT_TYPE_NOT_ALLOWED"
  | "SIZE_MISMATCH"
  | "QUOTA_EXCEEDED"
  | "EXPIRED"
  | "STORAGE_ERROR";

export type Upload = {
  id: string;
  fileId: string;
  projectId: string;
  name: string;
  folder: string;
  status: UploadStatus;
  expectedSize: number;
  expectedMime: string;
  failureReason: FailureReason | null;
  uploadedVia: string;
  createdAt: string;
  updatedAt: string;
};

export type UploadPage = { uploads: Upload[]; nextCursor: string | null };
