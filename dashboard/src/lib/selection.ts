/**
 * `selected` after a press on the checkbox of row `index`: on or off, and with `from` (the row of the press before, where
 * Shift was held) all rows in between as well.
 */
export function choose(
  keys: readonly string[],
  selected: ReadonlySet<string>,
  { index, on, from = index }: { index: number; on: boolean; from?: number | undefined },
): Set<string> {
  const next = new Set(selected);
  for (const key of keys.slice(Math.min(from, index), Math.max(from, index) + 1)) {
    if (on) next.add(key);
    else next.delete(key);
  }
  return next;
}

/** Those of `selected` that are still listed: a row that has gone is not acted upon. */
export function stillThere(selected: ReadonlySet<string>, keys: Iterable<string>): ReadonlySet<string> {
  if (selected.size === 0) return selected;
  const there = new Set(keys);
  const kept = [...selected].filter((key) => there.has(key));
  return kept.length === selected.size ? selected : new Set(kept);
}
