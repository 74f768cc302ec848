import type { System } from "@/api/system";

const NAMES: Record<string, string> = {
  process: "Checking uploads",
  picture: "Making thumbnails",
  deliver: "Sending webhooks",
  delete_blob: "Removing bytes",
};

/** What the server calls `process` or `delete_blob`, in words. */
export const jobName = (kind: string): string => NAMES[kind] ?? kind;

/** Jobs of one kind, due and waiting. */
export type Work = {
  kind: string;
  /** Whose workers run them. */
  lane: string;
  due: number;
  /** Since when the oldest is due. */
  oldest: string | null;
  waiting: number;
  /** Of those that wait, how many have been tried before. */
  failed: number;
  /** When the first of those that wait is due. */
  next: string | null;
};

const NONE = { due: 0, oldest: null, waiting: 0, failed: 0, next: null };

/** A row for each kind of job that is due or waits, by lane as the server names them. */
export function workOf({ jobs, waitingJobs }: Pick<System, "jobs" | "waitingJobs">): Work[] {
  const rows = new Map<string, Work>();
  const add = ({ kind, lane }: { kind: string; lane: string }, more: Partial<Work>) => {
    const key = `${lane} ${kind}`;
    rows.set(key, { ...NONE, kind, lane, ...rows.get(key), ...more });
  };
  for (const job of jobs) add(job, { due: job.count, oldest: job.oldest });
  for (const job of waitingJobs) add(job, { waiting: job.count, failed: job.failed, next: job.next });
  return [...rows.values()].sort((a, b) => a.lane.localeCompare(b.lane) || a.kind.localeCompare(b.kind));
}
