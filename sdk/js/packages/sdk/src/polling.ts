import { UploadFailedError, UploadTimeoutError } from "./errors.js";
import { sleep } from "./retry.js";
import type { GetUploadSessionResult } from "./types.js";

export interface WaitOptions {
  /** Milliseconds between two questions (500). */
  intervalMs?: number | undefined;
  /** Milliseconds in all (120,000). */
  timeoutMs?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** Asks until the session is COMPLETED. The time counts for the answers too, however long they take. */
export async function waitForSession(
  uploadId: string,
  ask: (signal: AbortSignal) => Promise<GetUploadSessionResult>,
  { intervalMs = 500, timeoutMs = 120_000, signal }: WaitOptions,
): Promise<GetUploadSessionResult> {
  signal?.throwIfAborted();
  const ended = new AbortController();
  const pass = () => ended.abort(signal?.reason);
  signal?.addEventListener("abort", pass, { once: true });
  const timer = setTimeout(() => ended.abort(new UploadTimeoutError(uploadId)), timeoutMs);
  try {
    for (;;) {
      const state = await ask(ended.signal);
      const { status, failureReason } = state.session;
      if (status === "COMPLETED") return state;
      if (status === "FAILED" || status === "CANCELLED") throw new UploadFailedError(uploadId, status, failureReason);
      await sleep(intervalMs, ended.signal);
    }
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", pass);
  }
}
