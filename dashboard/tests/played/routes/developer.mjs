import { PROJECT, WORKSPACE } from "./account.mjs";

const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();
const HOUR = 3600;
const DAY = 86_400;

export const ENDPOINT = "0197c1aa-0000-7000-8000-0000000000e1";
export const QUIET = "0197c1aa-0000-7000-8000-0000000000e3";
export const DISABLED = "0197c1aa-0000-7000-8000-0000000000e2";

const figures = (storedBytes, storedFiles, limits = {}) => ({
  storedBytes,
  reservedBytes: 0,
  maxBytes: null,
  storedFiles,
  reservedFiles: 0,
  maxFiles: null,
  maxFileSize: null,
  ...limits,
});

const project = (id, name, more = {}) => ({
  id,
  name,
  uploadCorsOrigins: [],
  allowedTypes: [],
  typeMismatch: "correct",
  stripMetadata: false,
  retentionDays: null,
  defaultPublic: false,
  scan: "when_available",
  usage: figures(0, 0),
  ownerMaxBytes: null,
  ownerMaxFiles: null,
  ownerMaxFileSize: null,
  createdAt: ago(80 * DAY),
  updatedAt: ago(2 * DAY),
  ...more,
});

const projects = [
  project(PROJECT, "Customer portal", {
    uploadCorsOrigins: ["https://portal.example.com", "https://www.portal.example.com", "http://localhost:*"],
    allowedTypes: ["image/*", "application/pdf"],
    stripMetadata: true,
    usage: figures(38_800_000_000, 12_031, {
      maxFileSize: 26_214_400,
      maxBytes: 50_000_000_000,
      maxFiles: 100_000,
    }),
    ownerMaxBytes: 1_000_000_000,
  }),
  project("p2", "Mobile app", { defaultPublic: true, usage: figures(3_500_000_000, 6411), createdAt: ago(31 * DAY) }),
  project("p3", "A project whose name somebody wrote out in full to be on the safe side", {
    uploadCorsOrigins: ["https://a-rather-long-subdomain.internal.engineering.example.com:8443"],
    createdAt: ago(HOUR),
  }),
];

const key = (id, name, more) => ({
  id,
  name,
  hint: "ru_BxXc4k",
  permissions: ["files.read", "files.write"],
  projectIds: null,
  createdAt: ago(60 * DAY),
  lastUsedAt: ago(40),
  revokedAt: null,
  expiresAt: null,
  ...more,
});

const keys = [
  key("k1", "Portal, production", { permissions: ["files.read", "files.write", "files.delete"] }),
  key("k2", "Portal, staging", {
    hint: "ru_Lm3aP0",
    projectIds: [PROJECT],
    lastUsedAt: ago(3 * DAY),
    expiresAt: ago(-27 * DAY),
  }),
  key("k3", "Nightly report", {
    hint: "ru_9zKeUr",
    permissions: ["files.read"],
    projectIds: [PROJECT, "p2"],
    lastUsedAt: null,
    createdAt: ago(2 * HOUR),
  }),
  key("k4", "Old worker", { hint: "ru_bb1TtW", revokedAt: ago(9 * DAY), lastUsedAt: ago(10 * DAY) }),
];

const endpoint = (id, url, more) => ({
  id,
  projectId: PROJECT,
  url,
  description: "",
  events: ["file.uploaded", "file.updated", "file.deleted"],
  headerNames: [],
  failingSince: null,
  disabledAt: null,
  disabledReason: null,
  formerSecretUntil: null,
  createdAt: ago(40 * DAY),
  ...more,
});

const endpoints = [
  endpoint(ENDPOINT, "https://portal.example.com/webhooks/reupload", {
    description: "Portal, production",
    headerNames: ["authorization"],
    formerSecretUntil: ago(-20 * HOUR),
  }),
  endpoint(QUIET, "https://staging.portal.example.com/hooks/reupload", {
    failingSince: ago(3 * HOUR),
    events: ["file.uploaded"],
  }),
  endpoint(DISABLED, "https://old.portal.example.com/hooks", {
    failingSince: ago(8 * DAY),
    disabledAt: ago(3 * DAY),
    disabledReason:
      "Every attempt since 2026-11-21 08:20 UTC has failed; the last one: old.portal.example.com: no such host.",
    events: ["file.uploaded", "file.updated", "file.deleted", "file.failed"],
  }),
];

const delivery = (n, status, more = {}) => ({
  id: `d${n}`,
  webhookId: ENDPOINT,
  eventId: `evt_0197c1aa00007000800000000000d${String(n).padStart(3, "0")}`,
  type: ["file.uploaded", "file.updated", "file.deleted"][n % 3],
  status,
  attempts: status === "succeeded" ? 1 : 4,
  nextAttemptAt: null,
  createdAt: ago(n * n * 90 + 12),
  finishedAt: ago(n * 60),
  ...more,
});
const deliveries = [
  delivery(1, "pending", { attempts: 0, nextAttemptAt: ago(1), finishedAt: null }),
  delivery(2, "succeeded"),
  delivery(3, "pending", { attempts: 3, nextAttemptAt: ago(-420), finishedAt: null }),
  delivery(4, "succeeded", { attempts: 2 }),
  delivery(5, "failed", { attempts: 12 }),
  ...Array.from({ length: 12 }, (_, n) => delivery(n + 6, "succeeded")),
];

const requestHeaders = {
  authorization: "(set on the endpoint)",
  "content-type": "application/json",
  "reupload-signature": "t=1764404401,v1=de0b4e6e471ae1f14799a581aa27356a816e4644ac3e5cc1a20ce2e475557ae8",
  "webhook-id": "evt_0197c1aa00007000800000000000d003",
  "webhook-signature": "v1,Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE=",
  "webhook-timestamp": "1764404401",
};
const requestBody = JSON.stringify({
  id: "evt_0197c1aa00007000800000000000d003",
  type: "file.uploaded",
  createdAt: "2026-11-29T08:20:01.120Z",
  workspaceId: WORKSPACE,
  projectId: PROJECT,
  data: {
    fileId: "0197c1aa-4444-7000-8000-00000000f001",
    projectId: PROJECT,
    path: "invoices/2026/november.pdf",
    name: "november.pdf",
    mimeType: "application/pdf",
    sizeBytes: 182044,
    url: "https://cdn.example.com/v1/files/0197c1aa-4444-7000-8000-00000000f001/november.pdf?exp=1764408001&kid=1&sig=abc",
    urlExpiresAt: "2026-11-29T09:20:01Z",
    isPublic: false,
  },
});
const attempt = (number, more) => ({
  number,
  startedAt: ago(900 - number * 200),
  durationMs: 184,
  error: null,
  requestHeaders,
  responseStatus: 200,
  responseHeaders: { "content-type": "application/json", date: "Sun, 29 Nov 2026 08:20:01 GMT", server: "nginx" },
  responseBody: '{"ok":true}',
  ...more,
});
const attempts = [
  attempt(1, {
    responseStatus: 500,
    error: "the endpoint answered 500",
    responseBody: "<h1>Server Error (500)</h1>",
    responseHeaders: { "content-type": "text/html" },
  }),
  attempt(2, {
    responseStatus: null,
    responseHeaders: null,
    responseBody: null,
    durationMs: 15_002,
    error: "no complete answer within 15 s",
  }),
  attempt(3, {
    responseStatus: 403,
    error: "the endpoint answered 403",
    responseBody: '{"detail":"CSRF Failed: CSRF cookie not set."}',
  }),
];

/** A wave that grows, so that a chart looks as it will. */
const day = (back, count) => {
  const n = count - back;
  return {
    day: ago(back * DAY).slice(0, 10),
    storedBytes: Math.round(2e9 + n * 3.1e8 + Math.sin(n / 3) * 2e8),
    files: Math.round(4000 + n * 160 + Math.sin(n / 4) * 90),
    uploads: Math.round(160 + Math.sin(n * 0.9) * 60 + (n % 7 > 4 ? -70 : 40)),
    deliveriesFailed: n % 9 === 0 ? 14 : n % 5 === 0 ? 3 : 0,
  };
};

export function routes(data) {
  const little = data === "little";
  const some = (list) => (little ? list : []);
  const missing = (what) => ({ status: 404, body: { error: "NOT_FOUND", message: `There is no such ${what}.` } });
  const find = (list, id) => list.find((each) => each.id === id);
  return {
    "GET /workspaces/:w/projects": () => ({ projects: some(projects) }),
    "POST /workspaces/:w/projects": ({ body }) => ({ project: project("p9", body.name, body) }),
    "GET /workspaces/:w/projects/:p": ({ params }) => {
      const found = little ? find(projects, params.p) : project(params.p, "Customer portal");
      return found ? { project: found } : missing("project");
    },
    "PATCH /workspaces/:w/projects/:p": ({ params, body }) => ({ project: { ...find(projects, params.p), ...body } }),
    "GET /workspaces/:w/keys": () => ({ keys: some(keys) }),
    "POST /workspaces/:w/keys": ({ body }) => ({
      key: key("k9", body.name, body),
      secret: "ru_BxXc4kQz81mNpLr7TtVwYy0aHhJjKk2fd3x7Qd",
    }),
    "DELETE /workspaces/:w/keys/:k": () => ({ success: true }),
    "GET /workspaces/:w/webhooks": () => ({ webhooks: some(endpoints) }),
    "POST /workspaces/:w/webhooks": ({ body }) => ({
      webhook: endpoint("e9", body.url, { events: body.events }),
      secret: "whsec_3m0Vd7s2b8sJ1kQeT5yUoP4nRx9wZcLfGhAiBjCkDlE=",
    }),
    "PATCH /workspaces/:w/webhooks/:e": ({ params, body }) => ({ webhook: { ...find(endpoints, params.e), ...body } }),
    "DELETE /workspaces/:w/webhooks/:e": () => ({ success: true }),
    "POST /workspaces/:w/webhooks/:e/rotate": ({ params }) => ({
      webhook: find(endpoints, params.e),
      secret: "whsec_3m0Vd7s2b8sJ1kQeT5yUoP4nRx9wZcLfGhAiBjCkDlE=",
    }),
    "POST /workspaces/:w/webhooks/:e/test": () => ({ delivery: deliveries[0] }),
    "POST /workspaces/:w/webhooks/:e/recover": () => ({ replayed: 3, missed: 2 }),
    "GET /workspaces/:w/webhooks/:e/deliveries": ({ params, query }) => {
      if (params.e === QUIET) return { deliveries: [], nextCursor: null };
      const status = query.get("status");
      return { deliveries: some(deliveries).filter((each) => !status || each.status === status), nextCursor: null };
    },
    "GET /workspaces/:w/deliveries/:d": ({ params }) => ({
      delivery: find(deliveries, params.d),
      requestBody,
      attempts,
    }),
    "POST /workspaces/:w/deliveries/:d/replay": ({ params }) => ({ delivery: find(deliveries, params.d) }),
    "GET /workspaces/:w/usage": () => ({
      workspace: little
        ? figures(42_300_000_000, 18_442, { maxBytes: 50_000_000_000, reservedBytes: 310_000_000, reservedFiles: 4 })
        : figures(0, 0),
      projects: some([
        {
          projectId: PROJECT,
          name: projects[0].name,
          ...figures(38_800_000_000, 12_031, { maxBytes: 40_000_000_000, maxFiles: 100_000 }),
        },
        { projectId: "p2", name: projects[1].name, ...figures(3_500_000_000, 6411, { maxBytes: 20_000_000_000 }) },
        { projectId: "p3", name: projects[2].name, ...figures(0, 0) },
      ]),
    }),
    "GET /workspaces/:w/usage/days": ({ query }) => {
      const count = Number(query.get("days") ?? 30);
      return { days: some(Array.from({ length: count }, (_, n) => day(count - 1 - n, count))) };
    },
    "GET /system": () => ({
      version: "0.1.0",
      startedAt: ago(3 * DAY + 4 * HOUR),
      uptimeSeconds: 3 * DAY + 4 * HOUR,
      database: little ? "postgres" : "sqlite",
      databaseBytes: little ? 1_420_000_000 : 1_130_496,
      storageFolder: "/var/lib/reupload/data",
      storageFreeBytes: little ? 3_100_000_000 : 410_000_000_000,
      roles: little ? ["api", "worker"] : ["api", "cdn", "worker"],
      scanner: little ? "clamd" : "off",
      scannerReachable: little ? false : null,
      scannerVersion: little ? "ClamAV 1.4.3/27812/Sat Nov 28 09:41:02 2026" : null,
      jobs: some([
        { lane: "files", kind: "process", count: 12, oldest: ago(8) },
        { lane: "webhooks", kind: "deliver", count: 1204, oldest: ago(75) },
      ]),
      waitingJobs: some([
        { lane: "webhooks", kind: "deliver", count: 318, failed: 318, next: ago(-22) },
        { lane: "cleaning", kind: "delete_blob", count: 4, failed: 0, next: ago(-HOUR) },
      ]),
    }),
  };
}
