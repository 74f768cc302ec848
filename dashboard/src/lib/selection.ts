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

/** `selected` without what is not listed any more: `rows` are those of it that are. A row that has gone is not acted upon. */
export const stillThere = (selected: ReadonlySet<string>, rows: readonly { id: string }[]): ReadonlySet<string> =>
  rows.length === selected.size ? selected : new Set(rows.map(({ id }) => id));
