import { expect, it } from "vitest";
import { previewKind } from "@/pages/file/previewKind";

it.each([
  ["image/png", "image"],
  ["image/svg+xml", "text"],
  ["image/tiff", null],
  ["video/mp4", "video"],
  ["audio/mpeg", "audio"],
  ["audio/x-mpegurl", null],
  ["application/pdf", "pdf"],
  ["text/html", "text"],
  ["text/plain; charset=utf-8", "text"],
  ["application/json", "text"],
  ["application/zip", null],
  ["application/octet-stream", null],
])("%s is shown as %s", (mimeType, kind) => {
  expect(previewKind({ mimeType })).toBe(kind);
});
