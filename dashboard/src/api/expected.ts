// The answers of the routes that api/dashboard.json does not have yet, as the server is about to give them. Each goes when
// schema.ts has it.

import type { UsageFigures } from "./figures";

export type Project = {
  id: string;
  name: string;
  uploadCorsOrigins: string[];
  /** Such as `image/*`; empty for all. */
  allowedTypes: string[];
  typeMismatch: "correct" | "refuse";
  stripMetadata: boolean;
  defaultPublic: boolean;
  scan: "when_available" | "required";
  /** Days; null for never. */
  retentionDays: number | null;
  ownerMaxBytes: number | null;
  ownerMaxFiles: number | null;
  ownerMaxFileSize: number | null;
  usage: UsageFigures;
  createdAt: string;
  updatedAt: string;
};

/** A limit of 0 is no limit. */
export type ProjectChange = Partial<
  Omit<Project, "id" | "usage" | "createdAt" | "updatedAt"> &
    Pick<UsageFigures, "maxBytes" | "maxFiles" | "maxFileSize">
>;

export type Permission = "files.read" | "files.write" | "files.delete";

export type ApiKey = {
  id: string;
  name: string;
  /** The first characters of its text. */
  hint: string;
  permissions: Permission[];
  /** Null for all projects. */
  projectIds: string[] | null;
  createdAt: string;
  lastUsedAt: string | null;
  revokedAt: string | null;
};

export type EventType = "file.uploaded" | "file.updated" | "file.deleted" | "file.failed";

export type Endpoint = {
  id: string;
  projectId: string;
  url: string;
  description: string;
  events: EventType[];
  /** Their values are often passwords. */
  headerNames: string[];
  failingSince: string | null;
  disabledAt: string | null;
  disabledReason: string | null;
  formerSecretUntil: string | null;
  createdAt: string;
  updatedAt: string;
};

export type DeliveryStatus = "pending" | "succeeded" | "failed";

export type Delivery = {
  id: string;
  webhookId: string;
  eventId: string;
  type: EventType;
  status: DeliveryStatus;
  attempts: number;
  nextAttemptAt: string | null;
  createdAt: string;
  finishedAt: string | null;
};

export type Headers = Record<string, string>;

export type Attempt = {
  number: number;
  startedAt: string;
  durationMs: number;
  /** Null if the endpoint took it. */
  error: string | null;
  requestHeaders: Headers;
  responseStatus: number | null;
  responseHeaders: Headers | null;
  responseBody: string | null;
};

export type DeliveryAnswer = { delivery: Delivery; requestBody: string; attempts: Attempt[] };

export type Usage = {
  workspace: UsageFigures;
  projects: (UsageFigures & { projectId: string; name: string })[];
};

export type UsageDay = {
  /** `2026-11-29`, in UTC. */
  day: string;
  storedBytes: number;
  files: number;
  uploads: number;
  deliveriesFailed: number;
};

export type System = {
  version: string;
  startedAt: string;
  uptimeSeconds: number;
  database: string;
  databaseBytes: number;
  storageFolder: string;
  storageFreeBytes: number | null;
  scanner: string;
  /** Due jobs by kind; kinds without any are left out. */
  jobs: { kind: string; count: number; oldest: string | null }[];
};
