import { type RefObject, useEffect, useState } from "react";

export type RowWindow = { from: number; to: number };

/** Heights of the window that are drawn ahead on both sides. */
const AHEAD = 0.75;

/** The rows, of one height each, that a window of `height` shows when the list begins `top` below its upper edge. */
export function visibleRows(top: number, height: number, rowHeight: number, rows: number): RowWindow {
  const ahead = height * AHEAD;
  const from = Math.floor((-top - ahead) / rowHeight);
  const to = Math.ceil((height - top + ahead) / rowHeight);
  const within = (row: number) => Math.max(0, Math.min(rows, row));
  return { from: within(from), to: within(to) };
}

/** Which rows of a long list to draw, following the scrolling of the document. Costs the same for ten rows and a million. */
export function useRowWindow(ref: RefObject<HTMLElement | null>, rows: number, rowHeight: number): RowWindow {
  const [shown, setShown] = useState<RowWindow>({ from: 0, to: 0 });
  useEffect(() => {
    let frame = 0;
    const look = () => {
      frame = 0;
      const top = ref.current?.getBoundingClientRect().top ?? 0;
      const next = visibleRows(top, window.innerHeight, rowHeight, rows);
      setShown((now) => (now.from === next.from && now.to === next.to ? now : next));
    };
    const later = () => {
      frame ||= requestAnimationFrame(look);
    };
    look();
    addEventListener("scroll", later, { passive: true });
    addEventListener("resize", later);
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener("scroll", later);
      removeEventListener("resize", later);
    };
  }, [ref, rows, rowHeight]);
  return shown;
}
