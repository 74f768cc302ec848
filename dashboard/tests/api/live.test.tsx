import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { useLive } from "@/api/live";

/** jsdom has no EventSource; the real one is tried in Chromium. */
class Source extends EventTarget {
  static last: Source;
  static readonly CLOSED = 2;
  readyState = 0;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  constructor(readonly url: string) {
    super();
    Source.last = this;
  }
  close() {
    this.readyState = Source.CLOSED;
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", Source);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function start() {
  const client = new QueryClient();
  const stale = vi.spyOn(client, "invalidateQueries").mockResolvedValue();
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  const hook = renderHook(() => useLive("w1"), { wrapper });
  const nouns = () => stale.mock.calls.map(([filter]) => filter?.queryKey?.[2]);
  return { ...hook, stale, nouns };
}

it("renews the nouns of a hundred hints once", () => {
  const { nouns } = start();
  expect(Source.last.url).toBe("/api/dashboard/workspaces/w1/live");
  for (let hint = 0; hint < 100; hint += 1) Source.last.dispatchEvent(new Event("upload"));
  Source.last.dispatchEvent(new Event("file"));
  expect(nouns()).toEqual([]);
  act(() => vi.advanceTimersByTime(1000));
  expect(nouns().sort()).toEqual(["files", "projects", "uploads", "usage"]);
});

it("shows that the connection is lost, and renews everything when it is back", () => {
  const { result, stale } = start();
  expect(result.current).toBe("connecting");
  act(() => Source.last.onopen?.());
  expect(result.current).toBe("live");
  expect(stale).not.toHaveBeenCalled();
  act(() => Source.last.onerror?.());
  expect(result.current).toBe("lost");
  act(() => Source.last.onopen?.());
  expect(result.current).toBe("live");
  expect(stale).toHaveBeenCalledWith({ queryKey: ["w", "w1"] });
});

it("tries again after a refusal, and asks whether the session has ended", () => {
  const { stale, result, unmount } = start();
  const refused = Source.last;
  refused.readyState = Source.CLOSED;
  act(() => refused.onerror?.());
  expect(stale).toHaveBeenCalledWith({ queryKey: ["me"] });
  act(() => vi.advanceTimersByTime(9000));
  expect(Source.last).toBe(refused);
  act(() => vi.advanceTimersByTime(1000));
  expect(Source.last).not.toBe(refused);
  act(() => Source.last.onopen?.());
  expect(result.current).toBe("live");
  const { last } = Source;
  last.readyState = Source.CLOSED;
  act(() => last.onerror?.());
  unmount();
  act(() => vi.advanceTimersByTime(60_000));
  expect(Source.last).toBe(last);
});

it("leaves a connection that the browser itself renews alone", () => {
  start();
  const { last } = Source;
  act(() => last.onerror?.());
  act(() => vi.advanceTimersByTime(60_000));
  expect(Source.last).toBe(last);
});

it("closes with the page", () => {
  const { unmount } = start();
  unmount();
  expect(Source.last.readyState).toBe(Source.CLOSED);
});

function show(visible: boolean) {
  vi.spyOn(document, "hidden", "get").mockReturnValue(!visible);
  act(() => document.dispatchEvent(new Event("visibilitychange")));
}

it("gives its connection to others while nobody looks, and renews everything for who is back", () => {
  const { stale, result, unmount } = start();
  act(() => Source.last.onopen?.());
  const first = Source.last;
  show(false);
  expect(first.readyState).toBe(Source.CLOSED);
  act(() => vi.advanceTimersByTime(60_000));
  expect(Source.last).toBe(first);
  expect(stale).not.toHaveBeenCalled();
  show(true);
  expect(Source.last).not.toBe(first);
  act(() => Source.last.onopen?.());
  expect(stale).toHaveBeenCalledWith({ queryKey: ["w", "w1"] });
  expect(result.current).toBe("live");
  const { last } = Source;
  unmount();
  show(true);
  expect(Source.last).toBe(last);
});
