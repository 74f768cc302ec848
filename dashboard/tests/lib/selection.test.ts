import { expect, it } from "vitest";
import { choose, stillThere } from "@/lib/selection";

const keys = ["a", "b", "c", "d", "e"];
const set = (text: string) => new Set(text);

it("puts one row in and takes it out again, leaving the set before as it was", () => {
  const before = set("a");
  expect(choose(keys, before, { index: 2, on: true })).toEqual(set("ac"));
  expect(choose(keys, set("ac"), { index: 2, on: false })).toEqual(set("a"));
  expect(before).toEqual(set("a"));
});

it.each([
  [1, 3, "bcd"],
  [3, 1, "bcd"],
  [2, 2, "c"],
])("takes all rows from %i to %i", (from, index, expected) => {
  expect(choose(keys, set(""), { index, on: true, from })).toEqual(set(expected));
});

it("takes a range out", () => {
  expect(choose(keys, set("abcde"), { index: 3, on: false, from: 1 })).toEqual(set("ae"));
});

it("forgets what is not listed any more, and is the same set where all is", () => {
  expect(stillThere(set("ax"), [{ id: "a" }])).toEqual(set("a"));
  const all = set("ab");
  expect(stillThere(all, [{ id: "b" }, { id: "a" }])).toBe(all);
});
