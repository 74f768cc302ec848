import { describe, expect, it } from "vitest";
import { append, edit, isBehind, type KeysetList, refresh } from "@/lib/keysetList";

type Row = { id: string; createdAt: string; name?: string };
/** Row n is newer the higher its number. */
const row = (n: number, name?: string): Row => ({
  id: String(n).padStart(4, "0"),
  createdAt: `2026-11-29T08:00:00.${String(n).padStart(6, "0")}Z`,
  ...(name ? { name } : {}),
});
const list = (from: number, to: number, cursor: string | null = "more"): KeysetList<Row> => ({
  rows: Array.from({ length: from - to + 1 }, (_, index) => row(from - index)),
  cursor,
});
const ids = ({ rows }: KeysetList<Row>) => rows.map(({ id }) => Number(id));

describe("refresh", () => {
  it("puts what is new at the top and keeps the pages behind", () => {
    const long = append(list(20, 11, "at 11"), list(10, 1, "at 1"));
    const now = refresh(long, list(23, 14, "at 14"));
    expect(ids(now)).toEqual(Array.from({ length: 23 }, (_, index) => 23 - index));
    expect(now.cursor).toBe("at 1");
  });

  it("takes away what is gone from the first page, and nothing behind it", () => {
    const long = append(list(20, 11, "at 11"), list(10, 1, "at 1"));
    // 18 and 12 were deleted, so the first page reaches further.
    const head = { rows: [20, 19, 17, 16, 15, 14, 13, 11, 10, 9].map((n) => row(n)), cursor: "at 9" };
    expect(ids(refresh(long, head))).toEqual([20, 19, 17, 16, 15, 14, 13, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  });

  it("drops a row between two that remain, though the last one of the page is new to it", () => {
    const head = { rows: [20, 18, 15].map((n) => row(n)), cursor: "at 15" };
    const known = { rows: [20, 19, 18, 17, 12].map((n) => row(n)), cursor: "at 12" };
    const now = refresh(known, head);
    expect(ids(now)).toEqual([20, 18, 15, 12]);
    expect(now.cursor).toBe("at 12");
  });

  it("shows the changed row, once", () => {
    const head = { rows: [row(20, "renamed"), row(19)], cursor: "at 19" };
    const now = refresh(list(20, 11), head);
    expect(now.rows[0]?.name).toBe("renamed");
    expect(ids(now)).toEqual([20, 19, 18, 17, 16, 15, 14, 13, 12, 11]);
  });

  it("begins anew where more came than a page holds: between the two there may be others", () => {
    const head = list(50, 41, "at 41");
    expect(refresh(list(20, 11), head)).toEqual(head);
  });

  it("is the first page where that is all there is, or nothing is left", () => {
    expect(ids(refresh(list(20, 11), list(20, 18, null)))).toEqual([20, 19, 18]);
    expect(ids(refresh(list(20, 11), { rows: [], cursor: null }))).toEqual([]);
  });

  it("goes on behind the new first page where nothing was loaded behind it", () => {
    expect(refresh(list(20, 11, "at 11"), list(21, 12, "at 12")).cursor).toBe("at 11");
    expect(refresh(list(20, 11, "at 11"), { rows: [20, 19, 10].map((n) => row(n)), cursor: "at 10" }).cursor).toBe(
      "at 10",
    );
  });
});

describe("append", () => {
  it("adds what is not there yet and takes the page's cursor", () => {
    const now = append(list(20, 11, "at 11"), list(12, 5, null));
    expect(ids(now)).toEqual(Array.from({ length: 16 }, (_, index) => 20 - index));
    expect(now.cursor).toBeNull();
  });
});

describe("edit", () => {
  it("changes some rows and lets others go", () => {
    const now = edit(list(5, 1), (each) =>
      each.id === "0003" ? null : each.id === "0002" ? { ...each, name: "new" } : each,
    );
    expect(ids(now)).toEqual([5, 4, 2, 1]);
    expect(now.rows[2]?.name).toBe("new");
  });
});

describe("isBehind", () => {
  const at = (createdAt: string, id = "5") => ({ id, createdAt });
  it.each([
    ["2026-11-29T08:00:00Z", "2026-11-29T08:00:00.5Z", true],
    ["2026-11-29T08:00:00.500Z", "2026-11-29T08:00:00.5Z", false],
    ["2026-11-29T08:00:00.5Z", "2026-11-29T08:00:00.500Z", false],
    ["2026-11-29T08:00:00.100200Z", "2026-11-29T08:00:00.1002Z", false],
    ["2026-11-29T08:00:00.09Z", "2026-11-29T08:00:00.1Z", true],
    ["2026-11-29T08:00:01Z", "2026-11-29T08:00:00.999999Z", false],
  ])("compares times whatever their zeros: %s behind %s is %s", (one, other, expected) => {
    expect(isBehind(at(one), at(other))).toBe(expected);
  });
  it("goes by id at the same moment", () => {
    expect(isBehind(at("2026-11-29T08:00:00Z", "a"), at("2026-11-29T08:00:00.000Z", "b"))).toBe(true);
    expect(isBehind(at("2026-11-29T08:00:00Z", "b"), at("2026-11-29T08:00:00Z", "a"))).toBe(false);
  });
});
