import type { FileUploadedEvent } from "@reupload/sdk";

/** What the example remembers. In memory, and gone at its end: a real application has a database. */
interface Memory {
  /** Whose an upload or a file is, by its id. */
  readonly owners: Map<string, string>;
  /** What the webhook has told of each file. */
  readonly ready: Map<string, FileUploadedEvent["data"]>;
  /** The ids of the events that were worked on: each may come more than once. */
  readonly seen: Set<string>;
}

// Next loads a module once for each route; what is on globalThis they share.
const shared = globalThis as typeof globalThis & { exampleMemory?: Memory };
shared.exampleMemory ??= { owners: new Map(), ready: new Map(), seen: new Set() };
export const memory: Memory = shared.exampleMemory;
