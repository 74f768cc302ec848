/**
 * A long list that is loaded page by page, newest first. Its first page may be loaded again at any time: what is new comes
 * in at the top and what is gone goes, without loading the pages behind it again.
 */
export type KeysetList<Row> = {
  rows: readonly Row[];
  /** Where the next page begins; null at the end. */
  cursor: string | null;
};

export type KeysetRow = { id: string; createdAt: string };
export type KeysetPage<Row> = KeysetList<Row>;

/** Whether `row` stands behind `other` in a list by time and id, newest first. */
export function isBehind(row: KeysetRow, other: KeysetRow): boolean {
  const [a, b] = [moment(row.createdAt), moment(other.createdAt)];
  return a === b ? row.id < other.id : a < b;
}

/** The time as text that compares as time does: the server leaves out zeros at the end of the fraction. */
function moment(at: string): string {
  const [seconds = "", fraction = ""] = at.replace(/Z$/, "").split(".");
  return `${seconds}.${fraction.padEnd(9, "0")}`;
}

/** The list with its first page as it is now. */
export function refresh<Row extends KeysetRow>(list: KeysetList<Row>, head: KeysetPage<Row>): KeysetList<Row> {
  const last = head.rows.at(-1);
  if (!last || head.cursor === null) return head;
  const fresh = new Set(head.rows.map((row) => row.id));
  // With nothing in common there may be rows between the two that nobody has seen.
  if (!list.rows.some((row) => fresh.has(row.id))) return head;
  const rest = list.rows.filter((row) => !fresh.has(row.id) && isBehind(row, last));
  return rest.length === 0 ? head : { rows: [...head.rows, ...rest], cursor: list.cursor };
}

/** The list with one more page at its end. */
export function append<Row extends KeysetRow>(list: KeysetList<Row>, page: KeysetPage<Row>): KeysetList<Row> {
  const known = new Set(list.rows.map((row) => row.id));
  return { rows: [...list.rows, ...page.rows.filter((row) => !known.has(row.id))], cursor: page.cursor };
}

/** The list after a change of some rows; those for which `change` gives null go. */
export function edit<Row extends KeysetRow>(list: KeysetList<Row>, change: (row: Row) => Row | null): KeysetList<Row> {
  return { ...list, rows: list.rows.map(change).filter((row) => row !== null) };
}
