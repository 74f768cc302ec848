import { describe, expect, test } from "vitest";
import { originHint, splitList } from "@/lib/origins";

describe("originHint", () => {
  test.each([
    "https://app.example.com",
    "https://app.example.com:8443",
    "http://localhost:5173",
    "http://localhost:*",
    "http://127.0.0.1:*",
    "http://[::1]:*",
    "",
    "   ",
  ])("%j is right", (text) => {
    expect(originHint(text)).toBeUndefined();
  });

  test.each([
    ["app.example.com", "https://app.example.com"],
    ["localhost:3000", "http://localhost:3000"],
    ["https://app.example.com/", "https://app.example.com"],
    ["https://app.example.com/uploads?x=1", "https://app.example.com"],
    ["http://localhost:3000/", "http://localhost:3000"],
    ["https://ada:secret@example.com", "https://example.com"],
    ["https://example.com:*", "https://example.com"],
    ["example.com/path", "https://example.com"],
  ])("%s was meant as %s", (text, fix) => {
    expect(originHint(text)).toMatchObject({ kind: "error", fix });
  });

  test.each(["*", "https://*", "https://*.example.com", "ftp://example.com", "null", "file:///tmp", "https://"])(
    "%s is refused, and nothing is guessed",
    (text) => {
      const hint = originHint(text);
      expect(hint?.kind).toBe("error");
      expect(hint?.fix).toBeUndefined();
    },
  );

  test("warns of what is taken but seldom meant", () => {
    expect(originHint("http://localhost")).toMatchObject({ kind: "warning", fix: "http://localhost:*" });
    expect(originHint("http://example.com")).toMatchObject({ kind: "warning", fix: "https://example.com" });
  });

  test("a guess is itself right, or only warned of", () => {
    for (const text of [
      "app.example.com",
      "https://a.example.com/x#y",
      "localhost:3000/x",
      "https://a@b.example.com:*",
    ]) {
      const fix = originHint(text)?.fix ?? "";
      expect(fix).not.toBe("");
      expect(originHint(fix)?.kind).not.toBe("error");
    }
  });

  test("sees an entry that is there already", () => {
    expect(originHint("https://a.example.com", ["https://a.example.com"])?.text).toContain("twice");
  });
});

test("a pasted list may have quotes, commas and lines", () => {
  expect(splitList("[\"https://a.example.com\", 'http://localhost:*']\nhttps://b.example.com; ")).toEqual([
    "https://a.example.com",
    "http://localhost:*",
    "https://b.example.com",
  ]);
});
