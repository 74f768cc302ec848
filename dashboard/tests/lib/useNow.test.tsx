import { renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { useNow } from "@/lib/useNow";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it("is not behind when nobody has asked for a while, or before the next tick", () => {
  const first = renderHook(() => useNow());
  first.unmount();
  vi.advanceTimersByTime(60_000);
  const { result, rerender } = renderHook(() => useNow());
  expect(Date.now() - result.current).toBeLessThan(1000);
  vi.setSystemTime(Date.now() + 5_000);
  rerender();
  expect(Date.now() - result.current).toBeLessThan(1000);
});

it("is one moment for all that is drawn at once, and moves by itself", () => {
  const one = renderHook(() => useNow());
  vi.setSystemTime(Date.now() + 400);
  const other = renderHook(() => useNow());
  expect(other.result.current).toBe(one.result.current);
  const before = one.result.current;
  vi.advanceTimersByTime(20_000);
  one.rerender();
  expect(one.result.current).toBeGreaterThan(before);
});
