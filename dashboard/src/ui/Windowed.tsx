import { type ElementType, type ReactNode, useEffect, useRef, useState } from "react";

type WindowedProps<Item> = {
  items: readonly Item[];
  /** The element of each piece: `tbody` inside a table. */
  as?: "div" | "tbody";
  /** Items a piece. In a grid choose a multiple of its columns. */
  size?: number;
  /** Height of one item in CSS pixels, until a piece has been measured. */
  estimate: number;
  className?: string;
  /** Draws the items of one piece; `start` is the index of the first one. */
  children: (items: readonly Item[], start: number) => ReactNode;
};

/**
 * A long list in pieces: those far from the window are an empty box of the same height. So 100,000 items cost as much
 * as the hundred in sight, whatever their heights are. It follows the scrolling of the document.
 */
export function Windowed<Item>({ items, size = 50, children, ...piece }: WindowedProps<Item>) {
  const pieces = [];
  // One piece alone costs too little to be worth taking away.
  const always = items.length <= size;
  for (let start = 0; start < items.length; start += size) {
    const part = items.slice(start, start + size);
    pieces.push(
      <Piece key={start} count={part.length} first={start === 0} always={always} {...piece}>
        {() => children(part, start)}
      </Piece>,
    );
  }
  return pieces;
}

type PieceProps = {
  as?: "div" | "tbody";
  count: number;
  estimate: number;
  first: boolean;
  always: boolean;
  className?: string;
  children: () => ReactNode;
};

function Piece({ as = "div", count, estimate, first, always, className, children }: PieceProps) {
  const ref = useRef<HTMLElement>(null);
  const height = useRef<number>(undefined);
  const [near, setNear] = useState(first);

  useEffect(() => {
    const element = ref.current;
    if (!element || always) return;
    return watch(element, (entry) => {
      if (entry.isIntersecting) return setNear(true);
      // Whoever is inside by keyboard must not fall out.
      if (element.contains(document.activeElement)) return;
      if (entry.boundingClientRect.height > 0) height.current = entry.boundingClientRect.height;
      setNear(false);
    });
  }, [always]);

  const Element = as as ElementType;
  if (near || always) {
    return (
      <Element ref={ref} className={className}>
        {children()}
      </Element>
    );
  }
  const style = { height: height.current ?? count * estimate };
  return as === "tbody" ? (
    <tbody ref={ref as React.Ref<HTMLTableSectionElement>} aria-hidden data-far>
      <tr style={style}>
        <td />
      </tr>
    </tbody>
  ) : (
    <div ref={ref as React.Ref<HTMLDivElement>} style={style} aria-hidden data-far />
  );
}

const watched = new WeakMap<Element, (entry: IntersectionObserverEntry) => void>();
let observer: IntersectionObserver | undefined;

/** One observer for all pieces of the page; a window's height and more is drawn ahead on both sides. */
function watch(element: Element, listener: (entry: IntersectionObserverEntry) => void) {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const entry of entries) watched.get(entry.target)?.(entry);
    },
    { rootMargin: "1500px 0px" },
  );
  watched.set(element, listener);
  observer.observe(element);
  return () => {
    observer?.unobserve(element);
    watched.delete(element);
  };
}
