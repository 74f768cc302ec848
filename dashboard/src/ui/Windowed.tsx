import {
  type CSSProperties,
  type ElementType,
  Fragment,
  type ReactNode,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { drawnPieces } from "./drawnPieces";

type WindowedProps<Item> = {
  items: readonly Item[];
  /** The element of each piece: `tbody` inside a table. */
  as?: "div" | "tbody";
  /** Items a piece. In a grid choose a multiple of its columns. */
  size?: number;
  /** Height of one item in CSS pixels, until a piece has been measured. */
  estimate: number;
  className?: string;
  style?: CSSProperties;
  /** Draws the items of one piece; `start` is the index of the first one. */
  children: (items: readonly Item[], start: number) => ReactNode;
};

/**
 * A long list in pieces, of which only those near the window are drawn: in place of the others stand empty boxes of their
 * height. So 100,000 items cost as much as the hundred in sight, whatever their heights are. It follows the scrolling of
 * the document.
 */
export function Windowed<Item>({
  items,
  as = "div",
  size = 16,
  estimate,
  className,
  style,
  children,
}: WindowedProps<Item>) {
  const begin = useRef<HTMLElement>(null);
  const heights = useRef(new Map<number, number>());
  const [drawn, setDrawn] = useState<readonly number[]>([0]);
  const count = Math.ceil(items.length / size);

  // biome-ignore lint/correctness/useExhaustiveDependencies: heights of pieces of another size say nothing any more
  useLayoutEffect(() => heights.current.clear(), [size, estimate]);

  useLayoutEffect(() => {
    let frame = 0;
    const heightOf = (piece: number) =>
      heights.current.get(piece) ?? Math.min(size, items.length - piece * size) * estimate;
    const look = () => {
      frame = 0;
      const first = begin.current;
      if (!first) return;
      for (const element of first.parentElement?.querySelectorAll<HTMLElement>(":scope > [data-piece]") ?? []) {
        const { height } = element.getBoundingClientRect();
        const piece = Number(element.dataset.piece);
        // The last piece may still grow.
        if (height > 0 && piece < count - 1) heights.current.set(piece, height);
      }
      const inside = document.activeElement?.closest<HTMLElement>("[data-piece]");
      const focused = inside?.parentElement === first.parentElement ? Number(inside?.dataset.piece) : undefined;
      const next = drawnPieces({
        top: first.getBoundingClientRect().top,
        height: window.innerHeight,
        count,
        heightOf,
        focused,
      });
      setDrawn((now) => (now.join() === next.join() ? now : next));
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
  }, [items.length, count, size, estimate]);

  const gap = (from: number, to: number) => {
    let height = 0;
    for (let piece = from; piece < to; piece += 1) {
      height += heights.current.get(piece) ?? Math.min(size, items.length - piece * size) * estimate;
    }
    return height;
  };
  const Element = as as ElementType;
  const there = drawn.filter((piece) => piece < count);
  return (
    <>
      <Element ref={begin} aria-hidden data-far />
      {there.map((piece, index) => (
        <Fragment key={piece}>
          <Gap as={as} height={gap((there[index - 1] ?? -1) + 1, piece)} />
          <Element className={className} style={style} data-piece={piece}>
            {children(items.slice(piece * size, (piece + 1) * size), piece * size)}
          </Element>
        </Fragment>
      ))}
      <Gap as={as} height={gap((there.at(-1) ?? -1) + 1, count)} />
    </>
  );
}

function Gap({ as, height }: { as: "div" | "tbody"; height: number }) {
  if (height <= 0) return null;
  return as === "tbody" ? (
    <tbody aria-hidden data-far>
      <tr style={{ height }}>
        <td />
      </tr>
    </tbody>
  ) : (
    <div style={{ height }} aria-hidden data-far />
  );
}
