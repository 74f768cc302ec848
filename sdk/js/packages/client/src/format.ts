const UNITS = ["B", "KB", "MB", "GB", "TB", "PB"];

/** A size in bytes for people: `1.5 MB`. A kilobyte is 1024 bytes; at most one digit after the point. */
export function formatBytes(bytes: number): string {
  let amount = Number.isFinite(bytes) ? Math.max(0, bytes) : 0;
  let unit = 0;
  // 1023.95 would be written as 1024.0: the next unit's turn.
  while (amount >= 1023.95 && unit < UNITS.length - 1) {
    amount /= 1024;
    unit++;
  }
  const digits = unit === 0 ? Math.round(amount) : Math.round(amount * 10) / 10;
  return `${digits} ${UNITS[unit]}`;
}
