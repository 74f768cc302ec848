import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";

afterEach(cleanup);

// jsdom has no top layer and no layout. These make what needs them reachable; that they are used rightly (focus held,
// the rest inert, placed in the window) is tried in Chromium by tests/browser.
HTMLDialogElement.prototype.showModal ??= function showModal(this: HTMLDialogElement) {
  this.open = true;
};
HTMLDialogElement.prototype.close ??= function close(this: HTMLDialogElement) {
  this.open = false;
};
const popover = (state: "open" | "closed") =>
  function toggle(this: HTMLElement) {
    if ((this.dataset.popover ?? "closed") === state) return;
    this.dataset.popover = state;
    this.dispatchEvent(Object.assign(new Event("toggle"), { newState: state }));
  };
HTMLElement.prototype.showPopover ??= popover("open");
HTMLElement.prototype.hidePopover ??= popover("closed");
globalThis.CSS ??= { escape: (text: string) => text } as typeof CSS;
globalThis.IntersectionObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
} as unknown as typeof IntersectionObserver;
globalThis.matchMedia ??= (media: string) =>
  ({ media, matches: false, addEventListener() {}, removeEventListener() {} }) as unknown as MediaQueryList;
