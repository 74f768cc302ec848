import { filePart } from "./body.js";
import * as calls from "./calls.js";
import { putToUploadUrl } from "./cdn.js";
import type { Sender } from "./client.js";
import { isReuploadCdnError, isReuploadError } from "./errors.js";
import { type WaitOptions, waitForSession } from "./polling.js";
import type {
  CallOptions,
  CdnUploadInput,
  CompleteUploadSessionInput,
  CompleteUploadSessionResult,
  CreateUploadSessionInput,
  CreateUploadSessionResult,
  DirectUploadBatchInput,
  DirectUploadBatchResult,
  DirectUploadInput,
  DirectUploadResult,
  GetUploadSessionResult,
  PostOptions,
  SuccessResult,
  UploadOptions,
  UploadResult,
} from "./types.js";

/** `client.uploads`. */
export class UploadsResource {
  readonly #sender: Sender;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  /** Opens a session; its `uploadUrl` takes the bytes for `expiresIn` seconds. */
  async createSession(input: CreateUploadSessionInput, options: PostOptions = {}): Promise<CreateUploadSessionResult> {
    return this.#sender.send(
      calls.createSession(input, this.#sender.defaultProjectId, options.idempotencyKey),
      options,
    );
  }

  /** Says that the bytes are there. Repeating it gives the same answer. */
  async complete(input: CompleteUploadSessionInput, options: PostOptions = {}): Promise<CompleteUploadSessionResult> {
    return this.#sender.send(calls.completeSession(input, options.idempotencyKey), options);
  }

  /** The session, of direct uploads too; with `file` once it is COMPLETED. */
  async getSession(uploadId: string, options?: CallOptions): Promise<GetUploadSessionResult> {
    return this.#sender.send(calls.getSession(uploadId), options);
  }

  /** Ends a session that is not completed; its `uploadUrl` is dead from then on. */
  async cancelSession(uploadId: string, options?: CallOptions): Promise<SuccessResult> {
    try {
      return await this.#sender.send(calls.cancelSession(uploadId), options);
    } catch (error) {
      // A second cancelling is refused, so after a lost answer the session has to be asked.
      if (!isReuploadError(error) || !error.maybeDone || error.status !== 409) throw error;
      if ((await this.getSession(uploadId, options)).session.status !== "CANCELLED") throw error;
      return { success: true };
    }
  }

  /** Sends one file through the API. It is on stable storage when this resolves, and still being processed. */
  async uploadDirect(input: DirectUploadInput, options: UploadOptions = {}): Promise<DirectUploadResult> {
    return this.#sender.send(calls.direct(input, this.#sender.defaultProjectId, options), options);
  }

  /** Sends up to 100 files in one request: all are taken, or none. Rejects with a TypeError for none. */
  async uploadDirectBatch(
    input: DirectUploadBatchInput,
    options: UploadOptions = {},
  ): Promise<DirectUploadBatchResult> {
    const call = calls.directBatch(input, this.#sender.defaultProjectId, options);
    const answer = await this.#sender.send(call, options);
    return "files" in answer ? answer : { files: [answer] };
  }

  /**
   * Opens a session, PUTs the bytes to the CDN host and completes it. The size must be known beforehand. If the PUT
   * fails, the session is cancelled, so that it takes nothing from the quota; not if you gave an `idempotencyKey`, since
   * your next call is to go on with it.
   */
  async upload(input: CdnUploadInput, options: UploadOptions = {}): Promise<UploadResult> {
    const wanted = calls.sessionOf(input);
    const { uploadId, uploadUrl } = await this.createSession(wanted, options);
    const { fetch, timeoutMs, maxRetries } = this.#sender;
    const { contentType } = filePart({ ...input.file, contentType: input.file.contentType ?? input.contentType });
    const mine = options.idempotencyKey !== undefined;
    try {
      const put = { fetch, timeoutMs, maxRetries, size: wanted.size, ...options };
      await putToUploadUrl(uploadUrl, input.file.data, contentType, put);
    } catch (error) {
      // An earlier call with this key has completed the session: its URL is dead, its answer is not.
      if (!(mine && isReuploadCdnError(error) && error.status === 409)) {
        if (!mine) void this.cancelSession(uploadId).catch(() => undefined);
        throw error;
      }
    }
    const { signal } = options;
    const done = await this.complete({ uploadId }, { signal, timeoutMs: options.timeoutMs });
    return { ...done, uploadId };
  }

  /**
   * Asks every `intervalMs` (500) until the upload is COMPLETED, for at most `timeoutMs` (120,000) in all. A webhook tells
   * it without asking.
   *
   * @throws UploadFailedError if it never will be, with its `failureReason`; UploadTimeoutError when the time is over.
   */
  waitForCompletion(uploadId: string, options: WaitOptions = {}): Promise<GetUploadSessionResult> {
    return waitForSession(uploadId, (signal) => this.getSession(uploadId, { signal }), options);
  }
}
