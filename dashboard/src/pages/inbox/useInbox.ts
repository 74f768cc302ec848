import { useEffect, useState } from "react";
import { ApiError } from "@/api/error";
import { fetchInbox, type InboxEntry } from "@/api/inbox";

/** As many as the server keeps. */
const MOST = 200;
/** Milliseconds until a server that does not answer is asked again. */
const RETRY = 1000;

export type InboxState = {
  /** Newest first; undefined until the first answer. */
  entries: readonly InboxEntry[] | undefined;
  /** A command that uploads a file. */
  command: string;
  connection: "connecting" | "live" | "lost";
  /** There is no inbox, or not for this machine. Nothing more is asked. */
  refusal?: ApiError;
};

const BEGIN: InboxState = { entries: undefined, command: "", connection: "connecting" };

/** What is known, newest first, with what came, oldest first. */
export function withNew(known: readonly InboxEntry[], come: readonly InboxEntry[]): readonly InboxEntry[] {
  const numbers = new Set(known.map(({ number }) => number));
  const fresh = come.filter(({ number }) => !numbers.has(number));
  return [...fresh.toReversed(), ...known].slice(0, MOST);
}

const isFinal = (error: unknown): error is ApiError =>
  error instanceof ApiError && (error.status === 403 || error.status === 404);

/** Resolves when the page is in sight, or at once with `signal`. */
const inSight = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const look = () => (!document.hidden || signal.aborted) && done();
    const done = () => {
      document.removeEventListener("visibilitychange", look);
      resolve();
    };
    document.addEventListener("visibilitychange", look);
    signal.addEventListener("abort", done, { once: true });
    look();
  });

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** The posts of the inbox, as they come. */
export function useInbox(): InboxState {
  const [state, setState] = useState(BEGIN);

  useEffect(() => {
    const control = new AbortController();
    const { signal } = control;
    const follow = async () => {
      let after: number | undefined;
      while (!signal.aborted) {
        // A hidden page asks nothing: browsers lend a host six connections.
        await inSight(signal);
        if (signal.aborted) return;
        try {
          const { entries, firstUpload } = await fetchInbox(after, signal);
          after = entries.at(-1)?.number ?? after ?? 0;
          setState((now) => ({
            entries: withNew(now.entries ?? [], entries),
            command: firstUpload,
            connection: "live",
          }));
        } catch (error) {
          if (signal.aborted) return;
          if (isFinal(error)) return setState((now) => ({ ...now, refusal: error }));
          setState((now) => ({ ...now, connection: "lost" }));
          await pause(RETRY);
        }
      }
    };
    void follow();
    return () => control.abort();
  }, []);

  return state;
}
