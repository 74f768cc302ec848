import type { UploadItem } from "@reupload/client";
import { formatBytes } from "@/lib/format";

/** What goes on with a file, in a few words. */
export function itemWords(item: UploadItem): string {
  switch (item.state) {
    case "idle":
    case "queued":
      return "Waiting for its turn";
    case "uploading": {
      const loaded = item.progress?.phase === "cdn" ? item.progress.loaded : 0;
      return item.progress?.phase === "complete"
        ? "Handing over"
        : `${formatBytes(loaded)} of ${formatBytes(item.size)}`;
    }
    case "processing":
      return "Being checked";
    case "completed":
      return "Done";
    case "cancelled":
      return "Cancelled";
    case "error":
      return item.error?.message ?? "It could not be uploaded.";
  }
}

export type Counts = { count: number; finished: number; failed: number; isUploading: boolean; waiting: number };

/** The heading of the tray. `waiting`: sent, and being checked by the server. */
export function trayWords({ count, finished, failed, isUploading, waiting }: Counts): string {
  const files = (n: number) => (n === 1 ? "1 file" : `${n.toLocaleString("en")} files`);
  if (isUploading)
    return count === 1
      ? "Uploading 1 file"
      : `Uploading ${finished + waiting + 1 > count ? count : finished + waiting + 1} of ${count.toLocaleString("en")}`;
  if (waiting > 0) return `${files(waiting)} being checked`;
  if (failed > 0 && finished > 0) return `${files(finished)} uploaded, ${failed.toLocaleString("en")} failed`;
  if (failed > 0) return `${files(failed)} failed`;
  if (finished === 0) return "Cancelled";
  return `${files(finished)} uploaded`;
}
