import { useSyncExternalStore } from "react";

let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void) {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, 20_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/**
 * A second old at most: what has just come in would otherwise lie in the future until the next tick. Not newer, because all that is drawn
 * at once must see the same time.
 */
function current(): number {
  const exact = Date.now();
  if (Math.abs(exact - now) >= 1000) now = exact;
  return now;
}

/** The time in milliseconds, renewed every 20 s and whenever something is drawn: one timer, however many components ask. */
export const useNow = (): number => useSyncExternalStore(subscribe, current);
