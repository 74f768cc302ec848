import { inboxApi } from "./client";
import type { EventType } from "./webhooks";

/** A post that came to the inbox of `reupload dev`. */
export type InboxEntry = {
  /** Rises from entry to entry, over restarts of the server too. */
  number: number;
  receivedAt: string;
  /** As they came, names in lower case. */
  headers: [name: string, value: string][];
  /** As it came: a foreign one may be anything. */
  body: string;
  /** Why `Reupload-Signature` is not right; null if it is. */
  signatureProblem: string | null;
  /** The same of `webhook-signature`, by the Standard Webhooks. */
  standardProblem: string | null;
  /** What is sent again; only of a post with right signatures. */
  deliveryId: string | null;
  /** Which attempt of that delivery it is, from 1 on. */
  attempt: number | null;
  /** An earlier entry has the same event. */
  seenBefore: boolean;
};

export type InboxEntries = {
  /** Oldest first. */
  entries: InboxEntry[];
  /** A command that uploads a file. */
  firstUpload: string;
};

/** All that is kept; or with `after` what is behind that number, as soon as there is some, after 25 seconds at the latest. */
export const fetchInbox = (after: number | undefined, signal: AbortSignal) =>
  inboxApi.get<InboxEntries>("/entries", { query: { after }, signal, anonymous: true });

export const replayInInbox = (deliveryId: string) =>
  inboxApi.post<void>("/replay", { deliveryId }, { anonymous: true });

/** Sends an event that tells of nothing. */
export const sendToInbox = (type: EventType) => inboxApi.post<void>("/test", { type }, { anonymous: true });
