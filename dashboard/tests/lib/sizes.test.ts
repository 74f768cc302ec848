import { describe, expect, test } from "vitest";
import { parseCount, parseSize, spellSize } from "@/lib/sizes";

describe("parseSize", () => {
  test.each([
    ["500 MB", 500_000_000],
    ["1.5gb", 1_500_000_000],
    ["64 KiB", 65_536],
    ["2Gi", 2_147_483_648],
    ["10k", 10_000],
    ["1,048,576", 1_048_576],
    ["12 bytes", 12],
    [" 5 TB ", 5_000_000_000_000],
    ["0.1 kB", 100],
    ["0", 0],
  ])("%s is %d bytes", (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  test.each(["", "MB", "5 XB", "-1 MB", "1..5 MB", "5 iB", "five", "1e9", "99999999 PB", "5 MB MB"])(
    "%j is no size",
    (text) => {
      expect(parseSize(text)).toBeNull();
    },
  );
});

describe("spellSize", () => {
  test.each([
    [5_000_000_000, "5 GB"],
    [10_485_760, "10 MiB"],
    [1_500_000, "1.5 MB"],
    [5_368_709_120, "5 GiB"],
    [1_234_567, "1234567 B"],
    [12, "12 B"],
    [1000, "1 kB"],
  ])("%d is %s", (bytes, text) => {
    expect(spellSize(bytes)).toBe(text);
  });

  test("is read back to the very byte", () => {
    for (let n = 1; n < 2 ** 50; n = n * 3 + 1) expect(parseSize(spellSize(n))).toBe(n);
    for (let power = 0; power <= 50; power += 1) expect(parseSize(spellSize(2 ** power))).toBe(2 ** power);
  });
});

test.each([
  ["1", 1],
  ["10,000", 10_000],
  [" 36500 ", 36_500],
  ["0", null],
  ["-3", null],
  ["1.5", null],
  ["", null],
  ["ten", null],
])("parseCount(%j) is %j", (text, value) => {
  expect(parseCount(text)).toBe(value);
});
