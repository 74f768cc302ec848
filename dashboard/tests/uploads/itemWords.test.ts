import { expect, it } from "vitest";
import { trayWords } from "@/uploads/itemWords";

const counts = { count: 0, finished: 0, failed: 0, waiting: 0, isUploading: false };

it.each([
  [{ count: 1, isUploading: true }, "Uploading 1 file"],
  [{ count: 5, isUploading: true }, "Uploading 1 of 5"],
  [{ count: 5, finished: 2, waiting: 1, isUploading: true }, "Uploading 4 of 5"],
  [{ count: 5, finished: 5, isUploading: true }, "Uploading 5 of 5"],
  [{ count: 5, finished: 3, waiting: 2 }, "2 files being checked"],
  [{ count: 1, finished: 1 }, "1 file uploaded"],
  [{ count: 2000, finished: 2000 }, "2,000 files uploaded"],
  [{ count: 5, finished: 3, failed: 2 }, "3 files uploaded, 2 failed"],
  [{ count: 1, failed: 1 }, "1 file failed"],
  [{}, "Cancelled"],
])("%j: %s", (given, expected) => {
  expect(trayWords({ ...counts, ...given })).toBe(expected);
});
