import { type FocusEvent, type RefObject, useEffect, useRef } from "react";

interface Place {
  readonly element: Element;
  readonly row: string | null;
  readonly index: number;
}

const buttons = "button:not(:disabled)";
const rowsOf = (root: Element) => Array.from(root.querySelectorAll<HTMLElement>("[data-reupload-item]"));

/** Where the focus goes when the element that had it is gone: the same row, the one that took its place, the main button. */
function nextPlace(root: HTMLElement, { row, index }: Place): HTMLElement {
  const rows = rowsOf(root);
  const same = row === null ? undefined : rows.find((element) => element.dataset.reuploadItem === row);
  const neighbour = row === null ? undefined : (rows[index] ?? rows[index - 1]);
  const inRow = (same ?? neighbour)?.querySelector<HTMLElement>(buttons);
  return inRow ?? root.querySelector<HTMLElement>("[data-reupload-main]:not(:disabled)") ?? root;
}

/**
 * Keeps the keyboard's place: when the focused button goes away with its row or its state, the focus moves to the nearest
 * thing that is left, and not to the start of the page.
 */
export function useKeepFocus(root: RefObject<HTMLElement | null>) {
  const place = useRef<Place | null>(null);
  useEffect(() => {
    const lost = place.current;
    if (lost === null || lost.element.isConnected || root.current === null) return;
    place.current = null;
    if (document.activeElement === null || document.activeElement === document.body)
      nextPlace(root.current, lost).focus();
  });
  return {
    onFocus: (event: FocusEvent<HTMLElement>) => {
      const row = event.target.closest<HTMLElement>("[data-reupload-item]");
      const index = row ? rowsOf(event.currentTarget).indexOf(row) : -1;
      place.current = { element: event.target, row: row?.dataset.reuploadItem ?? null, index };
    },
    // React is deaf to the blur of an element that it takes away itself, so this is a person who leaves.
    onBlur: () => {
      place.current = null;
    },
  };
}
