/** A pair while it is being written; `id` only tells rows apart. */
export type MetadataRow = { id: number; key: string; value: string };

/** The server's bounds. */
export const MOST_PAIRS = 16;
const MOST_BYTES = 2048;

/** The pairs, or what is wrong with them. Rows that are empty are left out. */
export function readRows(rows: readonly MetadataRow[]): { pairs: Record<string, string> } | { problem: string } {
  const filled = rows.filter((row) => row.key.trim() !== "" || row.value !== "");
  if (filled.some((row) => row.key.trim() === "")) return { problem: "Each value needs a name." };
  const names = filled.map((row) => row.key.trim());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return { problem: `“${twice}” is there twice.` };
  if (filled.length > MOST_PAIRS) return { problem: `At most ${MOST_PAIRS} pairs.` };
  const bytes = filled.reduce((sum, row) => sum + size(row.key.trim()) + size(row.value), 0);
  if (bytes > MOST_BYTES) return { problem: `Names and values may have 2 KiB together; these have ${bytes} bytes.` };
  return { pairs: Object.fromEntries(filled.map((row) => [row.key.trim(), row.value])) };
}

const size = (text: string): number => new TextEncoder().encode(text).length;
