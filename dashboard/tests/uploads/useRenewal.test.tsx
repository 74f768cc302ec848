import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { useRenewal } from "@/uploads/useRenewal";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const files = [
  { target: { workspace: "w1", project: "p1", folder: "" } },
  { target: { workspace: "w1", project: "p2", folder: "" } },
];

function start() {
  const client = new QueryClient();
  const stale = vi.spyOn(client, "invalidateQueries").mockResolvedValue();
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  const { rerender } = renderHook(({ finished }) => useRenewal(finished, files), {
    wrapper,
    initialProps: { finished: 0 },
  });
  /** So many are ready, and so many milliseconds pass. */
  const ready = (finished: number, milliseconds: number) => {
    rerender({ finished });
    act(() => vi.advanceTimersByTime(milliseconds));
  };
  const times = () => stale.mock.calls.filter(([filter]) => filter?.queryKey?.[2] === "files").length;
  return { ready, times, stale };
}

it("renews the lists of a workspace at once when the first file is ready", () => {
  const { ready, times, stale } = start();
  ready(0, 5000);
  expect(times()).toBe(0);
  ready(1, 1);
  expect(times()).toBe(1);
  expect(stale).toHaveBeenCalledWith({ queryKey: ["w", "w1", "projects"] });
});

it("renews once a second while files are ready without a pause", () => {
  const { ready, times } = start();
  for (let finished = 1; finished <= 25; finished += 1) ready(finished, 100);
  expect(times()).toBe(3);
  ready(25, 5000);
  expect(times()).toBe(4);
});
