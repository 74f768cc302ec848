import * as calls from "./calls.js";
import { ReuploadConnectionError, ReuploadError } from "./errors.js";
import { EventsResource } from "./events.js";
import { FilesResource } from "./files.js";
import { type Answer, exchange, type Fetch, isSuccess, parsed, refusal } from "./http.js";
import { Tries } from "./retry.js";
import type { CallOptions, UsageQuery, UsageReport, WhoamiResponse } from "./types.js";
import { UploadsResource } from "./uploads.js";

const DEFAULT_BASE_URL = "https://api.reupload.dev/api/v1";

export interface ReuploadOptions {
  /** `ru_…`. It belongs on servers: never give it to a browser. */
  apiKey: string;
  /** With `/api/v1` at its end. */
  baseUrl?: string | undefined;
  fetch?: Fetch | undefined;
  /** Of uploads that name no project. */
  defaultProjectId?: string | undefined;
  /** Milliseconds that a try may take (60,000); see `CallOptions`. */
  timeoutMs?: number | undefined;
  /** Tries after the first one (3). */
  maxRetries?: number | undefined;
}

/** What the resources need of the client. */
export interface Sender {
  readonly defaultProjectId: string | undefined;
  readonly fetch: Fetch | undefined;
  readonly timeoutMs: number;
  readonly maxRetries: number;
  send<T>(call: calls.Call<T>, options?: CallOptions): Promise<T>;
}

/** The client of a server. One may be shared by all requests. Its calls reject with a `ReuploadError`. */
export class Reupload {
  readonly uploads: UploadsResource;
  readonly files: FilesResource;
  readonly events: EventsResource;
  readonly defaultProjectId: string | undefined;
  /** Private, so that no log of a client shows the key. */
  readonly #sender: Sender;

  /** @throws TypeError if `apiKey` is missing or `baseUrl` is no URL. */
  constructor(options: ReuploadOptions) {
    const { apiKey, fetch, timeoutMs = 60_000, maxRetries = 3 } = options;
    if (!apiKey) throw new TypeError("apiKey is missing.");
    this.defaultProjectId = options.defaultProjectId;
    const base = new URL(options.baseUrl ?? DEFAULT_BASE_URL).href.replace(/\/+$/, "");
    const { defaultProjectId } = options;
    this.#sender = {
      defaultProjectId,
      fetch,
      timeoutMs,
      maxRetries,
      send: (call, limits) => send(this.#sender, base, apiKey, call, limits ?? {}),
    };
    this.uploads = new UploadsResource(this.#sender);
    this.files = new FilesResource(this.#sender);
    this.events = new EventsResource(this.#sender);
  }

  /** What the key is and may do. */
  whoami(options?: CallOptions): Promise<WhoamiResponse> {
    return this.#sender.send(calls.whoami(), options);
  }

  /** Bytes and files used and allowed, of all projects or one; `ownerRef` is looked up in the project, or the default one. */
  usage(query: UsageQuery = {}, options?: CallOptions): Promise<UsageReport> {
    return this.#sender.send(calls.usage(query, this.defaultProjectId), options);
  }
}

async function send<T>(
  sender: Sender,
  base: string,
  key: string,
  call: calls.Call<T>,
  options: CallOptions,
): Promise<T> {
  const content = call.content ?? null;
  const headers: Record<string, string> = { Authorization: `Bearer ${key}`, Accept: "application/json" };
  if (call.idempotencyKey !== undefined) headers["Idempotency-Key"] = call.idempotencyKey;
  if (content) Object.assign(headers, content.headers());
  if (call.json !== undefined) headers["Content-Type"] = "application/json";
  const text = call.json === undefined ? null : JSON.stringify(call.json);
  const sent = { method: call.method, url: base + call.path + calls.search(call.query ?? {}), headers, content, text };
  const timeoutMs = (options.timeoutMs ?? sender.timeoutMs) + (call.extraMs ?? 0);
  const tries = new Tries(sender.maxRetries, call.method, content);
  let answer: Answer;
  try {
    answer = await exchange(sender.fetch, tries, sent, { ...options, timeoutMs });
  } catch (error) {
    options.signal?.throwIfAborted();
    if (content?.fault) throw error;
    throw new ReuploadConnectionError(error);
  }
  if (answer.status === 404 && call.ifGone !== undefined && tries.mayHaveArrived) return call.ifGone;
  return result(answer, tries.mayHaveArrived);
}

function result<T>(answer: Answer, maybeDone: boolean): T {
  if (!isSuccess(answer)) {
    const said = refusal(answer);
    const message = said.message ?? `Request failed with status ${said.status}.`;
    throw new ReuploadError(said.status, said.code ?? "UNKNOWN", message, said, maybeDone);
  }
  const body = parsed(answer.text);
  if (body === undefined) {
    throw new ReuploadError(502, "INVALID_RESPONSE", "The answer is not JSON: is the base URL right?");
  }
  return body as T;
}
