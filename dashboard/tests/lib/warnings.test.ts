import { expect, test } from "vitest";
import type { System } from "@/api/system";
import { warnings } from "@/pages/system/warnings";

const NOW = Date.parse("2026-11-29T08:00:00Z");
const well: System = {
  version: "0.1.0",
  startedAt: "2026-11-29T07:00:00Z",
  uptimeSeconds: 3600,
  database: "sqlite",
  databaseBytes: 1,
  storageFolder: "/data",
  storageFreeBytes: 5e9,
  scanner: "off",
  scannerReachable: null,
  scannerVersion: null,
  roles: ["api", "cdn", "worker"],
  jobs: [{ lane: "webhooks", kind: "deliver", count: 9, oldest: "2026-11-29T07:50:00Z" }],
  waitingJobs: [],
};

test("a system that is well gives no warning", () => {
  expect(warnings(well, NOW)).toEqual([]);
  expect(
    warnings(
      { ...well, storageFreeBytes: null, jobs: [{ lane: "webhooks", kind: "new", count: 1, oldest: null }] },
      NOW,
    ),
  ).toEqual([]);
});

test("a full disk and a job that waits are told, each with what to do", () => {
  const jobs = [{ lane: "webhooks", kind: "deliver", count: 9, oldest: "2026-11-29T07:49:00Z" }];
  const [disk, job, ...rest] = warnings({ ...well, storageFreeBytes: 4.9e9, jobs }, NOW);
  expect(disk).toContain("4.9 GB left. Uploads are refused when it is full: make room");
  expect(job).toContain("“Sending webhooks” has waited for 11 min");
  expect(rest).toEqual([]);
});
