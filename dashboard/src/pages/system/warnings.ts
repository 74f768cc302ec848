import type { System } from "@/api/system";
import { formatBytes, formatDuration } from "@/lib/format";

/** A job that waits longer than this, in milliseconds, points at something that does not work. */
const LONG_WAIT = 10 * 60_000;

/** What an operator should look after, with what to do. */
export function warnings(system: System, now: number): string[] {
  const found: string[] = [];
  const { storage, scanner, queue } = system;
  if (storage.totalBytes > 0 && storage.freeBytes / storage.totalBytes < 0.1) {
    found.push(
      `The disk has ${formatBytes(storage.freeBytes)} left. Uploads are refused when it is full: make room, or move the data folder.`,
    );
  }
  if (scanner.backend !== "off" && scanner.reachable === false) {
    found.push("The malware scanner does not answer. Uploads wait for it; start clamd, or check scan.address.");
  }
  for (const { lane, oldestAt } of queue) {
    const wait = oldestAt ? now - Date.parse(oldestAt) : 0;
    if (wait > LONG_WAIT) {
      found.push(`A job of “${lane}” has waited for ${formatDuration(wait)}. Check that a worker is running.`);
    }
  }
  return found;
}
