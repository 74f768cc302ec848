const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** A size for people: decimal units (1 kB = 1000 bytes) and at most three figures, as in `1.25 MB`. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes) || bytes < 0) return "–";
  let value = bytes;
  let unit = 0;
  // 999.5 and not 1000: what would be rounded to 1000 kB is 1 MB.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${Number(value.toFixed(digits)).toLocaleString("en")} ${UNITS[unit]}`;
}

const whole = new Intl.NumberFormat("en");
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** A count with separators: `12,345`. */
export const formatNumber = (value: number): string => whole.format(value);

/** A count in three figures: `12.3K`. */
export const formatCompact = (value: number): string => short.format(value);

/** A count on the axis of a chart: half of an odd number is a place there, but no number of things. */
export const formatMark = (value: number): string => (Number.isInteger(value) ? formatCompact(value) : "");

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "always", style: "short" });

/**
 * How far `at` is from `now`, both in milliseconds: `just now`, `5 min. ago`, `1 day ago`, `in 3 days`. A few seconds ahead
 * are a clock that goes behind the server's, except with `ahead`: of what is still to come.
 */
export function formatRelative(at: number, now: number, ahead = false): string {
  const seconds = (at - now) / 1000;
  for (const [unit, length] of STEPS) {
    if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit);
  }
  return seconds > (ahead ? 0 : 10) ? "in less than a minute" : "just now";
}

const exact = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });
const clock = new Intl.DateTimeFormat("en", { timeStyle: "medium" });
const day = new Intl.DateTimeFormat("en", { dateStyle: "medium" });

/** The moment in the reader's time zone: `Nov 29, 2026, 8:21:41 AM`. */
export const formatExact = (at: number): string => exact.format(at);

/** The time of day alone: `8:21:41 AM`. */
export const formatClock = (at: number): string => clock.format(at);

/** The day alone: `Nov 29, 2026`. */
export const formatDay = (at: number): string => day.format(at);

/** A length of time for people: `450 ms`, `1.2 s`, `3 min 5 s`, `2 h 10 min`, `4 d 3 h`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${Number((milliseconds / 1000).toFixed(1))} s`;
  const seconds = Math.round(milliseconds / 1000);
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ];
  const first = parts.findIndex(([value]) => value > 0);
  return parts
    .slice(first, first + 2)
    .filter(([value]) => value > 0)
    .map(([value, unit]) => `${value} ${unit}`)
    .join(" ");
}
