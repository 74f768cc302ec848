import { expect, it } from "vitest";
import { readRows } from "@/pages/file/metadataRows";

const rows = (...pairs: [string, string][]) => pairs.map(([key, value], id) => ({ id, key, value }));

it("reads pairs and leaves empty rows out", () => {
  expect(readRows(rows(["a", "1"], ["", ""], [" b ", ""]))).toEqual({ pairs: { a: "1", b: "" } });
});

it("keeps spaces of a value, which are the app's own", () => {
  expect(readRows(rows(["a", " 1 "]))).toEqual({ pairs: { a: " 1 " } });
});

it("says what is wrong", () => {
  expect(readRows(rows(["", "1"]))).toEqual({ problem: "Each value needs a name." });
  expect(readRows(rows(["a", "1"], ["a ", "2"]))).toEqual({ problem: "“a” is there twice." });
  expect(readRows(Array.from({ length: 17 }, (_, id) => ({ id, key: `k${id}`, value: "" })))).toEqual({
    problem: "At most 16 pairs.",
  });
});

it("counts bytes and not letters, up to 2 KiB", () => {
  expect(readRows(rows(["k", "x".repeat(2047)]))).toHaveProperty("pairs");
  expect(readRows(rows(["k", "x".repeat(2048)]))).toHaveProperty("problem");
  expect(readRows(rows(["k", "é".repeat(1024)]))).toHaveProperty("problem");
});
