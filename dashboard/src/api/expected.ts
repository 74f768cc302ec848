// The answers of the routes that api/dashboard.json does not have yet, as the server is about to give them. Each goes when
// schema.ts has it.

export type UsageDay = {
  /** `2026-11-29`, in UTC. */
  day: string;
  storedBytes: number;
  files: number;
  uploads: number;
  deliveriesFailed: number;
};
