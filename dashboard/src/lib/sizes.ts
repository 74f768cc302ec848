const DECIMAL = ["B", "kB", "MB", "GB", "TB", "PB"] as const;
const BINARY = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/** Powers by the first letter of a unit, in lower case. */
const POWERS: Record<string, number> = { "": 0, k: 1, m: 2, g: 3, t: 4, p: 5 };

/**
 * Reads a size that a person wrote: `500 MB`, `1.5gb`, `64 KiB`, `10485760`. Units of 1000, or with an `i` of 1024 (IEC
 * 80000-13); without one it is bytes. Null for what is no size, or is more than a whole number can hold exactly.
 */
export function parseSize(text: string): number | null {
  const match = /^([0-9][0-9,_ ]*(?:\.[0-9]+)?|\.[0-9]+)\s*(?:([kmgtp]?)(i?)(?:b|bytes?)?)$/i.exec(text.trim());
  if (!match) return null;
  const [, digits = "", prefix = "", binary = ""] = match;
  if (binary && !prefix) return null;
  const power = POWERS[prefix.toLowerCase()] ?? 0;
  const bytes = Math.round(Number(digits.replace(/[,_ ]/g, "")) * (binary ? 1024 : 1000) ** power);
  return Number.isSafeInteger(bytes) ? bytes : null;
}

/** A size as `parseSize` reads it back to the very byte: `5 GB`, `10 MiB`, else `1234567 B`. */
export function spellSize(bytes: number): string {
  for (const [units, base] of [
    [DECIMAL, 1000],
    [BINARY, 1024],
  ] as const) {
    for (let power = units.length - 1; power > 0; power -= 1) {
      const value = bytes / base ** power;
      // At most two digits behind the point, or it is no nicer than the bytes.
      if (value >= 1 && value < base && Number.isInteger(value * 100)) return `${value} ${units[power]}`;
    }
  }
  return `${bytes} B`;
}

/** Reads a whole number from 1 on, with separators; null for anything else. */
export function parseCount(text: string): number | null {
  const digits = text.trim().replace(/[,_ ]/g, "");
  if (!/^[0-9]+$/.test(digits)) return null;
  const value = Number(digits);
  return Number.isSafeInteger(value) && value > 0 ? value : null;
}
