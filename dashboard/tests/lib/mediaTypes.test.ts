import { expect, test } from "vitest";
import { TYPE_PRESETS, typeHint } from "@/lib/mediaTypes";

test("every preset is a right type", () => {
  for (const { types } of TYPE_PRESETS) for (const type of types) expect(typeHint(type)).toBeUndefined();
});

test.each([
  [".png", "image/png"],
  ["*.jpg", "image/jpeg"],
  ["pdf", "application/pdf"],
  ["image", "image/*"],
  ["Images", "image/*"],
  ["videos", "video/*"],
])("%s was meant as %s", (text, fix) => {
  expect(typeHint(text)).toMatchObject({ kind: "error", fix });
});

test.each(["*/*", "*", "image/", "/png", "image/p*", "image/png; charset=x", "word"])("%s is refused", (text) => {
  expect(typeHint(text)?.kind).toBe("error");
});

test.each(["*", "*/*"])("%s is told to be an empty list", (text) => {
  expect(typeHint(text)?.text).toContain("leave the list empty");
});

test("sees a type that is there already, in any case", () => {
  expect(typeHint("IMAGE/*", ["image/*"])?.text).toContain("twice");
  expect(typeHint("IMAGE/PNG")).toBeUndefined();
});
