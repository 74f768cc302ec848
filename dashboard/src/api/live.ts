import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { meKey } from "./account";
import { path } from "./client";

export type LiveState = "connecting" | "live" | "lost";

/** Which queries of a workspace each hint makes stale: the third part of their keys, `["w", workspace, noun, …]`. */
const STALE: Record<string, readonly string[]> = {
  upload: ["uploads", "files", "usage"],
  file: ["files", "usage"],
  delivery: ["deliveries", "webhooks"],
};

/** Hints may come by the hundred; queries are renewed at most once in so many milliseconds. */
const PAUSE = 1000;

/** Milliseconds until the next try after the server has refused the stream, as one that is starting again does. */
const RETRY = 10_000;

/** Follows the server's hints of a workspace, and renews what is on screen. */
export function useLive(workspace: string): LiveState {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>("connecting");

  useEffect(() => {
    const stale = new Set<string>();
    let source: EventSource;
    let renewal: ReturnType<typeof setTimeout> | undefined;
    let retry: ReturnType<typeof setTimeout> | undefined;
    let lost = false;

    const renew = () => {
      renewal = undefined;
      for (const noun of stale) client.invalidateQueries({ queryKey: ["w", workspace, noun] });
      stale.clear();
    };
    const connect = () => {
      source = new EventSource(`/api/dashboard${path`/workspaces/${workspace}/live`}`);
      for (const [kind, nouns] of Object.entries(STALE)) {
        source.addEventListener(kind, () => {
          for (const noun of nouns) stale.add(noun);
          renewal ??= setTimeout(renew, PAUSE);
        });
      }
      source.onopen = () => {
        setState("live");
        // What happened in between was missed.
        if (lost) client.invalidateQueries({ queryKey: ["w", workspace] });
        lost = false;
      };
      source.onerror = () => {
        lost = true;
        setState("lost");
        // The browser connects anew by itself, except after a refusal; one reason for that is a session that has ended.
        if (source.readyState !== EventSource.CLOSED) return;
        client.invalidateQueries({ queryKey: meKey });
        retry = setTimeout(connect, RETRY);
      };
    };

    setState("connecting");
    connect();
    return () => {
      source.close();
      clearTimeout(renewal);
      clearTimeout(retry);
    };
  }, [workspace, client]);

  return state;
}
