import { type ErrorPhase, ownError } from "./errors.js";

/** The error of everything that a signal has ended. */
export function abortedError(phase: ErrorPhase = "backend") {
  return ownError("ABORTED", "The upload was cancelled.", phase);
}

/** Throws `ABORTED` if the signal has been given. */
export function throwIfAborted(signal: AbortSignal | undefined, phase?: ErrorPhase): void {
  if (signal?.aborted) throw abortedError(phase);
}

/** Waits `ms` milliseconds; the signal ends it with `ABORTED`. */
export function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(abortedError());
    const onAbort = () => {
      clearTimeout(timer);
      reject(abortedError());
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
