import { type RefObject, useCallback, useEffect, useRef, useState } from "react";

export type Placement = "bottom-start" | "bottom-end" | "top";

/** Distance of a popover from what it belongs to, and from the window's edge, in CSS pixels. */
const GAP = 6;
const EDGE = 8;

/** Puts `float` beside `anchor`, inside the window: on the other side where it would not fit. */
export function place(anchor: DOMRect, float: { width: number; height: number }, placement: Placement) {
  const { innerWidth, innerHeight } = window;
  const below = anchor.bottom + GAP;
  const above = anchor.top - GAP - float.height;
  const fitsAbove = above >= EDGE;
  const fitsBelow = below + float.height <= innerHeight - EDGE;
  const useAbove = fitsAbove && (placement === "top" || !fitsBelow);
  const start =
    placement === "top"
      ? anchor.left + anchor.width / 2 - float.width / 2
      : placement === "bottom-end"
        ? anchor.right - float.width
        : anchor.left;
  return {
    left: Math.max(EDGE, Math.min(start, innerWidth - EDGE - float.width)),
    top: useAbove ? above : Math.max(EDGE, Math.min(below, innerHeight - EDGE - float.height)),
  };
}

type Popover = {
  anchor: RefObject<HTMLElement | null>;
  float: RefObject<HTMLDivElement | null>;
  open: boolean;
  show: () => void;
  hide: () => void;
};

/**
 * An element in the browser's top layer (the Popover API), placed beside its anchor. The top layer is why: no
 * scrolling table clips it, and one inside a dialog stays usable. `popover="auto"` closes by itself on Esc and on a
 * press outside.
 */
export function usePopover(placement: Placement): Popover {
  const anchor = useRef<HTMLElement>(null);
  const float = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);

  const put = useCallback(() => {
    const element = float.current;
    const around = anchor.current?.getBoundingClientRect();
    if (!element || !around) return;
    const { left, top } = place(around, element.getBoundingClientRect(), placement);
    element.style.left = `${left}px`;
    element.style.top = `${top}px`;
  }, [placement]);

  const show = useCallback(() => {
    if (!anchor.current) return;
    float.current?.showPopover();
    put();
    setOpen(true);
  }, [put]);

  const hide = useCallback(() => float.current?.hidePopover(), []);

  useEffect(() => {
    const element = float.current;
    if (!element) return;
    const onToggle = (event: Event) => setOpen((event as ToggleEvent).newState === "open");
    element.addEventListener("toggle", onToggle);
    return () => element.removeEventListener("toggle", onToggle);
  }, []);

  useEffect(() => {
    if (!open) return;
    const follow = () => {
      const around = anchor.current?.getBoundingClientRect();
      if (around && around.bottom > 0 && around.top < innerHeight) put();
      else hide();
    };
    addEventListener("scroll", follow, { capture: true, passive: true });
    addEventListener("resize", follow);
    return () => {
      removeEventListener("scroll", follow, { capture: true });
      removeEventListener("resize", follow);
    };
  }, [open, put, hide]);

  return { anchor, float, open, show, hide };
}
