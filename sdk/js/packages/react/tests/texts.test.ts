import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { acceptInWords } from "../src/accept-in-words.js";
import { defaultLabels } from "../src/labels.js";

test.each([
  ["image/*", "images"],
  ["image/*, .pdf", "images and PDF"],
  ["image/png,image/jpeg, .docx", "PNG, JPEG and DOCX"],
  ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX"],
  [".PDF, application/pdf", "PDF"],
  ["*/*", ""],
  ["", ""],
  ["model/*", "model/*"],
])("accept %j is said as %j", (accept, words) => {
  expect(acceptInWords(accept, "and")).toBe(words);
});

test.each([
  [{}, ""],
  [{ maxBytes: 1024 }, "Up to 1 KB"],
  [{ accept: "image/*,.pdf", maxBytes: 5 * 1024 * 1024 }, "Images and PDF, up to 5 MB"],
])("the hint for %j is %j", (validation, hint) => {
  expect(defaultLabels.hint(validation)).toBe(hint);
});

describe("theme.css", () => {
  const css = readFileSync(path.join(import.meta.dirname, "../src/styles/theme.css"), "utf8");
  const block = (selector: string) => {
    const rest = css.slice(css.indexOf(selector));
    return rest
      .slice(rest.indexOf("{") + 1, rest.indexOf("}"))
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean);
  };

  test("is dark in the same way by the system and by the attribute", () => {
    expect(block(':where([data-reupload-theme="dark"])')).toEqual(block(":where(:root:not("));
  });

  test("gives each colour both ways, and reads each through the name that an app can set", () => {
    const names = (lines: string[]) => lines.map((line) => line.split(":")[0]);
    const light = names(block(':where(:root, :host, [data-reupload-theme="light"])'));
    expect(names(block(':where([data-reupload-theme="dark"])'))).toEqual(light);
    for (const name of light) expect(css).toContain(`var(${name?.replace("-default", "")}, `);
  });
});
