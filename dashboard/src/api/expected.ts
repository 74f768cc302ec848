// The answers of the routes that the server does not have yet, as they are expected. Each goes when schema.ts has it.

import type { UsageFigures } from "./figures";

export type Project = {
  id: string;
  workspaceId: string;
  name: string;
  uploadCorsOrigins: string[];
  /** Such as `image/*`; empty for all. */
  allowedTypes: string[];
  typeMismatch: "correct" | "refuse";
  stripMetadata: boolean;
  /** Days; null for never. */
  retentionDays: number | null;
  defaultPublic: boolean;
  scan: "when_available" | "required";
  maxBytes: number | null;
  maxFiles: number | null;
  maxFileSize: number | null;
  ownerMaxBytes: number | null;
  ownerMaxFiles: number | null;
  ownerMaxFileSize: number | null;
  createdAt: string;
  updatedAt: string;
};

/** A limit of 0 is no limit. */
export type ProjectChange = Partial<Omit<Project, "id" | "workspaceId" | "createdAt" | "updatedAt">>;

export type Permission = "files.read" | "files.write" | "files.delete";

export type ApiKey = {
  id: string;
  name: string;
  /** The end of its secret. */
  hint: string;
  permissions: Permission[];
  allProjects: boolean;
  projectIds: string[];
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
  /** Names alone: their values are often passwords. */
  headers: string[];
  failingSince: string | null;
  disabledAt: string | null;
  disabledReason: string | null;
  formerSecretUntil: string | null;
  createdAt: string;
};

export type DeliveryStatus = "pending" | "succeeded" | "failed";

export type Delivery = {
  id: string;
  endpointId: string;
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
  requestBody: string;
  responseStatus: number | null;
  responseHeaders: Headers | null;
  responseBody: string | null;
};

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
  /** Whether this is `reupload dev`, which has the webhook inbox. */
  dev: boolean;
  roles: string[];
  storage: { backend: string; folder: string; freeBytes: number; totalBytes: number };
  database: { kind: "sqlite" | "postgres"; version: string; sizeBytes: number };
  scanner: { backend: "off" | "clamd"; address: string | null; reachable: boolean | null; version: string | null };
  queue: { lane: string; waiting: number; running: number; oldestAt: string | null }[];
  nodes: { id: string; roles: string[]; version: string; seenAt: string }[];
};
