import { expect, test } from "vitest";
import { formatBytes } from "../src/index.js";

test.each([
  [0, "0 B"],
  [1, "1 B"],
  [1023, "1023 B"],
  [1024, "1 KB"],
  [1536, "1.5 KB"],
  [1024 * 1024 - 1, "1 MB"],
  [5 * 1024 * 1024, "5 MB"],
  [1.25 * 1024 ** 3, "1.3 GB"],
  [1024 ** 6, "1024 PB"],
  [-1, "0 B"],
  [Number.NaN, "0 B"],
])("formatBytes(%d) is %s", (bytes, expected) => {
  expect(formatBytes(bytes)).toBe(expected);
});
