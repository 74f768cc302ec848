import { render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { LoadMore } from "@/ui";

type Notify = (entries: { isIntersecting: boolean }[]) => void;
let notify: Notify = () => {};

beforeEach(() => {
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      constructor(callback: Notify) {
        notify = callback;
      }
      observe() {}
      disconnect() {
        notify = () => {};
      }
    },
  );
});
afterEach(() => vi.unstubAllGlobals());

const show = (props: Partial<Parameters<typeof LoadMore>[0]> = {}) => {
  const onLoad = vi.fn();
  render(<LoadMore hasMore loading={false} onLoad={onLoad} {...props} />);
  return onLoad;
};

it("loads when its end comes near the window", () => {
  const onLoad = show();
  notify([{ isIntersecting: false }]);
  expect(onLoad).not.toHaveBeenCalled();
  notify([{ isIntersecting: true }]);
  expect(onLoad).toHaveBeenCalledTimes(1);
});

it("goes by the last of several entries that a busy page gets at once", () => {
  const onLoad = show();
  notify([{ isIntersecting: false }, { isIntersecting: true }]);
  expect(onLoad).toHaveBeenCalledTimes(1);
  notify([{ isIntersecting: true }, { isIntersecting: false }]);
  expect(onLoad).toHaveBeenCalledTimes(1);
});

it("loads nothing by itself while it loads, or after an error", () => {
  for (const props of [{ loading: true }, { error: new Error("down") }]) {
    const onLoad = show(props);
    notify([{ isIntersecting: true }]);
    expect(onLoad).not.toHaveBeenCalled();
  }
  expect(screen.getByRole("button", { name: "Try again" })).toBeDefined();
});
