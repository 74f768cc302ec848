import { expect, it } from "vitest";
import { folderName, folderProblem, isIn, parentFolder, tidyFolder, trail } from "@/files/folders";

it("knows the way to a folder", () => {
  expect(trail("")).toEqual([]);
  expect(trail("a/b/c")).toEqual(["a", "a/b", "a/b/c"]);
  expect([folderName("a/b"), folderName("a"), folderName("")]).toEqual(["b", "a", ""]);
  expect([parentFolder("a/b/c"), parentFolder("a"), parentFolder("")]).toEqual(["a/b", "", ""]);
});

it.each([
  ["a/b", "a", true],
  ["a", "a", true],
  ["ab", "a", false],
  ["a", "a/b", false],
  ["anything", "", true],
])("%s in %s: %s", (folder, outer, expected) => {
  expect(isIn(folder, outer)).toBe(expected);
});

it("tidies as the server does", () => {
  expect(tidyFolder("/a//b / c/")).toBe("a/b/c");
  expect(tidyFolder("  ")).toBe("");
});

it("says what the server would refuse", () => {
  for (const fine of ["", "a/b", "写真/2026", "a b", "..a", "x".repeat(1024)])
    expect(folderProblem(fine)).toBeUndefined();
  expect(folderProblem("x".repeat(1025))).toMatch(/1024/);
  expect(folderProblem("a\\b")).toMatch(/backslash/);
  expect(folderProblem("a/../b")).toMatch(/\.\./);
  expect(folderProblem("a/ . /b")).toMatch(/\.\./);
  expect(folderProblem("a\nb")).toMatch(/cannot be seen/);
});
