import { describe, expect, test } from "vitest";
import { matchesAccept, validateFile } from "../src/index.js";
import { fileOf } from "./support/files.js";

describe("accept", () => {
  test.each([
    ["image/*", "a.png", "image/png", true],
    ["image/*", "a.png", "IMAGE/PNG", true],
    ["IMAGE/*", "a.png", "image/png", true],
    ["image/*", "a.pdf", "application/pdf", false],
    ["image/*", "a.png", "imagery/png", false],
    ["image/png", "a.jpg", "image/jpeg", false],
    ["text/plain", "a.txt", "text/plain;charset=utf-8", true],
    [".pdf", "A.PDF", "", true],
    [".PDF", "a.pdf", "application/octet-stream", true],
    [".pdf", "a.pdf.exe", "application/pdf", false],
    [".tar.gz", "a.tar.gz", "application/gzip", true],
    [" .doc ,\timage/png", "x.doc", "", true],
    [".doc,.pdf", "x.png", "image/png", false],
    ["", "x.png", "image/png", true],
    [" , ", "x.png", "image/png", true],
    ["*/*", "x", "", true],
    // No type from the browser: the extension says it.
    ["image/*", "photo.HEIC", "", true],
    ["text/markdown", "notes.md", "", true],
    ["image/*", "notes.md", "", false],
    ["image/*", "heic", "", false],
    ["image/*", "unknown.xyz", "", false],
    // A type from the browser counts more than the extension.
    ["image/*", "fake.png", "text/html", false],
  ])("%j takes %s (%s): %s", (accept, name, type, taken) => {
    expect(matchesAccept({ name, type }, accept)).toBe(taken);
  });
});

describe("validateFile", () => {
  test("an empty file is refused, whatever the rules", () => {
    expect(validateFile(fileOf(0))).toMatchObject({ code: "EMPTY_FILE", status: 0 });
  });

  test("maxBytes is the largest size that is allowed", () => {
    expect(validateFile(fileOf(10), { maxBytes: 10 })).toBeNull();
    const error = validateFile(fileOf(1536), { maxBytes: 1024 });
    expect(error?.code).toBe("FILE_TOO_LARGE");
    expect(error?.message).toContain("1.5 KB");
    expect(error?.message).toContain("1 KB");
  });

  test("a type outside accept is refused", () => {
    expect(validateFile(fileOf(1), { accept: "image/*" })?.code).toBe("FILE_TYPE_NOT_ACCEPTED");
    expect(validateFile(fileOf(1), { accept: ".pdf" })).toBeNull();
  });
});
