import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
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

/** Follows the server's hints of a workspace, and renews what is on screen. */
export function useLive(workspace: string): LiveState {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>("connecting");

  useEffect(() => {
    setState("connecting");
    const source = new EventSource(`/api/dashboard${path`/workspaces/${workspace}/live`}`);
    const stale = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let lost = false;
    const renew = () => {
      timer = undefined;
      for (const noun of stale) client.invalidateQueries({ queryKey: ["w", workspace, noun] });
      stale.clear();
    };
    const listeners = Object.entries(STALE).map(([kind, nouns]) => {
      const listener = () => {
        for (const noun of nouns) stale.add(noun);
        timer ??= setTimeout(renew, PAUSE);
      };
      source.addEventListener(kind, listener);
      return () => source.removeEventListener(kind, listener);
    });
    source.onopen = () => {
      setState("live");
      // What happened in between was missed.
      if (lost) client.invalidateQueries({ queryKey: ["w", workspace] });
      lost = false;
    };
    // The browser connects anew by itself, unless the server has refused.
    source.onerror = () => {
      lost = true;
      setState("lost");
    };
    return () => {
      for (const remove of listeners) remove();
      source.close();
      clearTimeout(timer);
    };
  }, [workspace, client]);

  return state;
}
