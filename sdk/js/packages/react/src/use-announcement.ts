import type { UploadItem } from "@reupload/client";
import { useEffect, useRef, useState } from "react";
import type { Uploader } from "./types.js";

const isRunning = ({ state }: UploadItem) => state === "queued" || state === "uploading";
const isBusy = (item: UploadItem) => isRunning(item) || item.state === "processing";

/** A live region is silent when it gets the text that it has, so a repeated sentence ends in a space that is not seen. */
const anew = (text: string, shown: string) => (text === shown ? `${text}\u00a0` : text);

/**
 * The sentence for the live region. It speaks when uploads begin, when one fails and when the last one has ended, never
 * of percents: a screen reader would read them all out.
 */
export function useAnnouncement(uploader: Uploader): string {
  const { items, labels, notice, validation } = uploader;
  const before = useRef<readonly UploadItem[]>([]);
  const batch = useRef(new Set<string>());
  const [text, setText] = useState("");

  useEffect(() => {
    if (before.current === items) return;
    const old = new Map(before.current.map((item) => [item.id, item]));
    before.current = items;
    const fresh = items.filter((item) => isRunning(item) && !batch.current.has(item.id));
    const failed = items.filter((item) => item.state === "error" && old.get(item.id)?.state !== "error");
    for (const item of fresh) batch.current.add(item.id);

    const said: string[] = [];
    if (fresh.length > 0) said.push(labels.announceStart(fresh.length));
    const [only, ...others] = failed;
    if (only && others.length > 0) said.push(labels.announceErrors(failed.length));
    else if (only?.error) said.push(labels.announceError(only.name, labels.error(only.error, only, validation)));
    if (batch.current.size > 0 && !items.some(isBusy)) {
      const ended = items.filter((item) => batch.current.has(item.id));
      const completed = ended.filter((item) => item.state === "completed").length;
      const lost = ended.filter((item) => item.state === "error").length;
      batch.current.clear();
      // One failed file has been told of just now.
      if (completed > 0 || lost > 1) said.push(labels.announceEnd(completed, lost));
    }
    if (said.length > 0) setText((shown) => anew(said.join(" "), shown));
  }, [items, labels, validation]);

  useEffect(() => {
    if (notice !== null) setText((shown) => anew(notice, shown));
  }, [notice]);

  return text;
}
