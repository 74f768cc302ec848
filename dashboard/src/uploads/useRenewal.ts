import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { AFTER_UPLOAD } from "@/api/live";
import type { Sent } from "./lanes";

/** Milliseconds: lists are renewed at most so often while files arrive. The server's own hints may come late or not at all. */
const PAUSE = 1000;

/** Lists show a new file as soon as it is ready; of many, those of a pause together. `finished` counts them. */
export function useRenewal(finished: number, files: readonly Pick<Sent, "target">[]) {
  const client = useQueryClient();
  const latest = useRef(files);
  latest.current = files;
  const last = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    if (finished === 0) return;
    const renew = () => {
      last.current = Date.now();
      const workspaces = new Set(latest.current.map(({ target }) => target.workspace));
      for (const workspace of workspaces) {
        for (const noun of AFTER_UPLOAD) client.invalidateQueries({ queryKey: ["w", workspace, noun] });
      }
    };
    const timer = setTimeout(renew, Math.max(0, last.current + PAUSE - Date.now()));
    return () => clearTimeout(timer);
  }, [finished, client]);
}
