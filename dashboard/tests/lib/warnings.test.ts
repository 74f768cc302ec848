import { expect, test } from "vitest";
import type { System } from "@/api/system";
import { warnings } from "@/pages/system/warnings";

const NOW = Date.parse("2026-11-29T08:00:00Z");
const well: System = {
  version: "0.1.0",
  startedAt: "2026-11-29T07:00:00Z",
  dev: false,
  roles: ["api"],
  storage: { backend: "disk", folder: "/data", freeBytes: 50, totalBytes: 100 },
  database: { kind: "sqlite", version: "3.50", sizeBytes: 1 },
  scanner: { backend: "clamd", address: "unix:/x", reachable: true, version: "1" },
  queue: [{ lane: "deliveries", waiting: 9, running: 1, oldestAt: "2026-11-29T07:55:00Z" }],
  nodes: [],
};

test("a system that is well gives no warning", () => {
  expect(warnings(well, NOW)).toEqual([]);
  expect(warnings({ ...well, storage: { ...well.storage, freeBytes: 0, totalBytes: 0 } }, NOW)).toEqual([]);
  expect(
    warnings({ ...well, scanner: { backend: "off", address: null, reachable: null, version: null } }, NOW),
  ).toEqual([]);
});

test("a full disk, a silent scanner and a job that waits are told, each with what to do", () => {
  const [disk, scanner, job] = warnings(
    {
      ...well,
      storage: { ...well.storage, freeBytes: 9 },
      scanner: { ...well.scanner, reachable: false },
      queue: [{ lane: "deliveries", waiting: 9, running: 0, oldestAt: "2026-11-29T07:49:00Z" }],
    },
    NOW,
  );
  expect(disk).toContain("make room");
  expect(scanner).toContain("start clamd");
  expect(job).toContain("waited for 11 min");
});
