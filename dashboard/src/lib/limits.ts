/** How full something is: 0..1 or more, null without a limit. */
export const fill = (used: number, most: number | null): number | null =>
  most === null ? null : most === 0 ? 1 : used / most;

export type Tone = "accent" | "amber" | "red";

/** Amber from 80 %, red from 95 %: there is still time to act at either. */
export const fillTone = (part: number): Tone => (part >= 0.95 ? "red" : part >= 0.8 ? "amber" : "accent");

/** `43%`; never 100% before it is full, and never 0% when something is there. */
export function fillPercent(part: number): string {
  if (part >= 1) return `${Math.round(part * 100)}%`;
  if (part > 0.99) return "99%";
  if (part > 0 && part < 0.01) return "<1%";
  return `${Math.round(part * 100)}%`;
}

/** `2026-11-29` as `Nov 29`; the day is UTC's, as the server counts it. */
export const dayLabel = (day: string): string =>
  new Intl.DateTimeFormat("en", { month: "short", day: "numeric", timeZone: "UTC" }).format(
    Date.parse(`${day}T00:00:00Z`),
  );
