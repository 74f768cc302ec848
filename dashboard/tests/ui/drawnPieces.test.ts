import { expect, it } from "vitest";
import { drawnPieces } from "@/ui/drawnPieces";

/** 100 pieces of 1000px in a window of 900px. */
const asked = { height: 900, count: 100, heightOf: () => 1000 };

it("draws what is in the window and a bit ahead on both sides", () => {
  expect(drawnPieces({ ...asked, top: 0 })).toEqual([0, 1]);
  expect(drawnPieces({ ...asked, top: -50_500 })).toEqual([49, 50, 51]);
  expect(drawnPieces({ ...asked, top: -99_500 })).toEqual([98, 99]);
});

it("goes by the heights that were measured", () => {
  const heightOf = (piece: number) => (piece < 10 ? 3000 : 1000);
  expect(drawnPieces({ ...asked, heightOf, top: -30_000 })).toEqual([9, 10, 11]);
});

it("keeps the piece in which the keyboard is", () => {
  expect(drawnPieces({ ...asked, top: -50_500, focused: 3 })).toEqual([3, 49, 50, 51]);
});

it("draws nothing of a list that is far away, but for a short one", () => {
  expect(drawnPieces({ ...asked, top: 20_000 })).toEqual([]);
  expect(drawnPieces({ ...asked, top: 20_000, count: 1 })).toEqual([0]);
});
