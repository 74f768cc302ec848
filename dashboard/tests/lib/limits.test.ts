import { describe, expect, test } from "vitest";
import { dayLabel, fill, fillPercent, fillTone } from "@/lib/limits";

test("how full something is", () => {
  expect(fill(50, 200)).toBe(0.25);
  expect(fill(50, null)).toBeNull();
  expect(fill(0, 0)).toBe(1);
});

describe("in words", () => {
  test.each([
    [0, "0%"],
    [0.001, "<1%"],
    [0.5, "50%"],
    [0.996, "99%"],
    [1, "100%"],
    [1.2, "120%"],
  ])("%d is %s", (part, text) => {
    expect(fillPercent(part)).toBe(text);
  });

  test.each([
    [0.79, "accent"],
    [0.8, "amber"],
    [0.95, "red"],
    [1.5, "red"],
  ])("%d is %s", (part, tone) => {
    expect(fillTone(part)).toBe(tone);
  });
});

test("a day is the server's, whatever the reader's time zone", () => {
  expect(dayLabel("2026-11-29")).toBe("Nov 29");
});
