import { expect, test } from "vitest";
import type { System } from "@/api/system";
import { warnings } from "@/pages/system/warnings";
import { workOf } from "@/pages/system/work";

const NOW = Date.parse("2026-11-29T08:00:00Z");
const well: System = {
  version: "0.1.0",
  startedAt: "2026-11-29T07:00:00Z",
  uptimeSeconds: 3600,
  database: "sqlite",
  databaseBytes: 1,
  storageFolder: "/data",
  storageFreeBytes: 5e9,
  roles: ["api", "cdn", "worker"],
  scanner: "off",
  scannerReachable: null,
  scannerVersion: null,
  jobs: [{ lane: "webhooks", kind: "deliver", count: 9, oldest: "2026-11-29T07:50:00Z" }],
  waitingJobs: [],
};

test("a system that is well gives no warning", () => {
  expect(warnings(well, NOW)).toEqual([]);
  expect(
    warnings({ ...well, storageFreeBytes: null, jobs: [{ lane: "files", kind: "new", count: 1, oldest: null }] }, NOW),
  ).toEqual([]);
});

test("a full disk and a job that waits are told, each with what to do", () => {
  const jobs = [{ lane: "webhooks", kind: "deliver", count: 9, oldest: "2026-11-29T07:49:00Z" }];
  const [disk, job, ...rest] = warnings({ ...well, storageFreeBytes: 4.9e9, jobs }, NOW);
  expect(disk).toContain("4.9 GB left. Uploads are refused when it is full: make room");
  expect(job).toContain("“Sending webhooks” has waited for 11 min");
  expect(rest).toEqual([]);
});

test("a scanner that does not answer is told, and one that is off or well is not", () => {
  expect(warnings({ ...well, scanner: "clamd", scannerReachable: true }, NOW)).toEqual([]);
  const [scanner, ...rest] = warnings({ ...well, scanner: "clamd", scannerReachable: false }, NOW);
  expect(scanner).toContain("The malware scanner does not answer.");
  expect(rest).toEqual([]);
});

test("due and waiting jobs of a kind are one row", () => {
  const at = "2026-11-29T07:50:00Z";
  const rows = workOf({
    jobs: [{ lane: "webhooks", kind: "deliver", count: 9, oldest: at }],
    waitingJobs: [
      { lane: "webhooks", kind: "deliver", count: 5, failed: 4, next: at },
      { lane: "cleaning", kind: "delete_blob", count: 2, failed: 0, next: at },
    ],
  });
  expect(rows).toEqual([
    { lane: "cleaning", kind: "delete_blob", due: 0, oldest: null, waiting: 2, failed: 0, next: at },
    { lane: "webhooks", kind: "deliver", due: 9, oldest: at, waiting: 5, failed: 4, next: at },
  ]);
});
