import type { UploadItem, UploadTotals } from "./store-types.js";

/** Sums over the items. `poll` false: an item is at its end when the server has its bytes. */
export function totalsOf(items: readonly UploadItem[], poll: boolean): UploadTotals {
  const sums = { files: 0, finished: 0, failed: 0, loaded: 0, total: 0 };
  for (const { state, size, progress } of items) {
    if (state === "cancelled") continue;
    sums.files++;
    if (state === "error") {
      sums.failed++;
      continue;
    }
    const safe = state === "completed" || state === "processing";
    if (state === "completed" || (safe && !poll)) sums.finished++;
    sums.total += size;
    sums.loaded += safe ? size : (progress?.loaded ?? 0);
  }
  return { ...sums, percent: sums.total === 0 ? null : Math.floor((100 * sums.loaded) / sums.total) };
}
