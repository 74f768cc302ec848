import { expect, it } from "vitest";
import { place } from "@/ui/usePopover";

// The window of jsdom is 1024 × 768.
const at = (left: number, top: number) => new DOMRect(left, top, 40, 30);
const menu = { width: 200, height: 300 };

it("lies below its anchor, at its left or right edge", () => {
  expect(place(at(300, 100), menu, "bottom-start")).toEqual({ left: 300, top: 136 });
  expect(place(at(300, 100), menu, "bottom-end")).toEqual({ left: 140, top: 136 });
});

it("goes above where there is no room below, and the other way around", () => {
  expect(place(at(300, 700), menu, "bottom-start").top).toBe(700 - 6 - 300);
  expect(place(at(300, 10), { width: 100, height: 24 }, "top").top).toBe(46);
  expect(place(at(300, 100), { width: 100, height: 24 }, "top")).toEqual({ left: 270, top: 70 });
});

it("stays in the window, also where it fits nowhere", () => {
  expect(place(at(1000, 100), menu, "bottom-start").left).toBe(1024 - 8 - 200);
  expect(place(at(0, 100), menu, "bottom-end").left).toBe(8);
  expect(place(at(300, 300), { width: 200, height: 750 }, "bottom-start").top).toBe(10);
});
