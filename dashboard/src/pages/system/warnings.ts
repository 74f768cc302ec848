import type { System } from "@/api/system";
import { formatBytes, formatDuration } from "@/lib/format";
import { jobName } from "./work";

/** A job that waits longer than this, in milliseconds, points at something that does not work. */
const LONG_WAIT = 10 * 60_000;

/** Free bytes below which there is not much time left. */
const LITTLE_SPACE = 5e9;

/** What an operator should look after, with what to do. */
export function warnings(system: System, now: number): string[] {
  const found: string[] = [];
  const { storageFreeBytes: free, jobs } = system;
  if (free !== null && free < LITTLE_SPACE) {
    found.push(
      `The disk has ${formatBytes(free)} left. Uploads are refused when it is full: make room, or move the data folder.`,
    );
  }
  if (system.scannerReachable === false) {
    found.push(
      "The malware scanner does not answer. Uploads wait for it, and fail if it stays away: check that clamd runs and can be reached.",
    );
  }
  for (const { kind, oldest } of jobs) {
    const wait = oldest ? now - Date.parse(oldest) : 0;
    if (wait > LONG_WAIT) {
      found.push(
        `A job of “${jobName(kind)}” has waited for ${formatDuration(wait)}. Check that a worker runs, and its log.`,
      );
    }
  }
  return found;
}
