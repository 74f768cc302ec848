import { describe, expect, it } from "vitest";
import { formatBytes, formatDuration, formatRelative } from "@/lib/format";

it("writes sizes in decimal units and three figures", () => {
  const sizes: [number, string][] = [
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1 kB"],
    [1_254_000, "1.25 MB"],
    [12_345_678, "12.3 MB"],
    [999_499, "999 kB"],
    [999_500, "1 MB"],
    [999_999, "1 MB"],
    [5_000_000_000, "5 GB"],
    [-1, "–"],
    [Number.NaN, "–"],
  ];
  for (const [bytes, text] of sizes) expect(formatBytes(bytes), String(bytes)).toBe(text);
});

it("writes lengths of time with at most two units", () => {
  const lengths: [number, string][] = [
    [450, "450 ms"],
    [1234, "1.2 s"],
    [60_000, "1 min"],
    [185_000, "3 min 5 s"],
    [7_800_000, "2 h 10 min"],
    [356_400_000, "4 d 3 h"],
  ];
  for (const [length, text] of lengths) expect(formatDuration(length), String(length)).toBe(text);
});

describe("relative time", () => {
  const now = Date.UTC(2026, 10, 29);
  const at = (seconds: number) => formatRelative(now + seconds * 1000, now);
  it("goes both ways", () => {
    expect(at(-5)).toBe("just now");
    expect(at(-59)).toBe("just now");
    expect(at(-60)).toBe("1 min. ago");
    // By length and not by the calendar: 47 hours ago is seldom yesterday, nor 13 days ahead next week.
    expect(at(-47 * 3600)).toBe("1 day ago");
    expect(at(13 * 86_400)).toBe("in 1 wk.");
    expect(at(3 * 86_400)).toBe("in 3 days");
    expect(at(30)).toBe("in less than a minute");
  });
  // A clock that is a little behind the server's must not show the future.
  it("takes a few seconds ahead for now, but not of what is still to come", () => {
    expect(at(5)).toBe("just now");
    expect(formatRelative(now + 5000, now, true)).toBe("in less than a minute");
    expect(formatRelative(now - 5000, now, true)).toBe("just now");
  });
});
