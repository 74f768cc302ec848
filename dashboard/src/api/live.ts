import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { meKey } from "./account";
import { path } from "./client";

export type LiveState = "connecting" | "live" | "lost";

/** The queries of a workspace that an upload makes stale. */
export const AFTER_UPLOAD: readonly string[] = ["uploads", "files", "usage", "projects"];

/** Which queries of a workspace each hint makes stale: the third part of their keys, `["w", workspace, noun, …]`. */
const STALE: Record<string, readonly string[]> = {
  upload: AFTER_UPLOAD,
  file: ["files", "usage", "projects"],
  delivery: ["deliveries", "webhooks"],
};

/** Hints may come by the hundred; queries are renewed at most once in so many milliseconds. */
const PAUSE = 1000;

/** Milliseconds until the next try after the server has refused the stream, as one that is starting again does. */
const RETRY = 10_000;

/**
 * Follows the server's hints of a workspace, and renews what is on screen. Only while the page is seen: over HTTP/1.1 a browser has six
 * connections to a server for all of its tabs, and each stream keeps one.
 */
export function useLive(workspace: string): LiveState {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>("connecting");

  useEffect(() => {
    const stale = new Set<string>();
    let source: EventSource | undefined;
    let renewal: ReturnType<typeof setTimeout> | undefined;
    let retry: ReturnType<typeof setTimeout> | undefined;
    let missed = false;

    const renew = () => {
      renewal = undefined;
      for (const noun of stale) client.invalidateQueries({ queryKey: ["w", workspace, noun] });
      stale.clear();
    };
    const connect = () => {
      const own = new EventSource(`/api/dashboard${path`/workspaces/${workspace}/live`}`);
      source = own;
      for (const [kind, nouns] of Object.entries(STALE)) {
        own.addEventListener(kind, () => {
          for (const noun of nouns) stale.add(noun);
          renewal ??= setTimeout(renew, PAUSE);
        });
      }
      own.onopen = () => {
        setState("live");
        if (missed) client.invalidateQueries({ queryKey: ["w", workspace] });
        missed = false;
      };
      own.onerror = () => {
        missed = true;
        setState("lost");
        // The browser connects anew by itself, except after a refusal; one reason for that is a session that has ended.
        if (own.readyState !== EventSource.CLOSED) return;
        client.invalidateQueries({ queryKey: meKey });
        retry = setTimeout(connect, RETRY);
      };
    };

    const close = () => {
      source?.close();
      clearTimeout(retry);
    };
    const follow = () => {
      close();
      if (document.hidden) missed = true;
      else connect();
    };

    setState("connecting");
    follow();
    document.addEventListener("visibilitychange", follow);
    return () => {
      document.removeEventListener("visibilitychange", follow);
      close();
      clearTimeout(renewal);
    };
  }, [workspace, client]);

  return state;
}
