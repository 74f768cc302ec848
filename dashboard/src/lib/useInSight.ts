import { type RefObject, useEffect, useState } from "react";

const watched = new WeakMap<Element, (inSight: boolean) => void>();
let observer: IntersectionObserver | undefined;

/** Whether an element is in the window or close to it. One observer serves all who ask. */
export function useInSight(ref: RefObject<Element | null>): boolean {
  const [inSight, setInSight] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    observer ??= new IntersectionObserver(
      (entries) => {
        for (const entry of entries) watched.get(entry.target)?.(entry.isIntersecting);
      },
      { rootMargin: "250px 0px" },
    );
    watched.set(element, setInSight);
    observer.observe(element);
    return () => {
      observer?.unobserve(element);
      watched.delete(element);
    };
  }, [ref]);
  return inSight;
}
