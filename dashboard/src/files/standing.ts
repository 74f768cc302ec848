import type { FailureReason, TimelineEntry } from "@/api/wire";
import type { Tone } from "@/ui";
import { failureWords } from "./failureWords";

export type Standing = { tone: Tone; word: string; title: string; text: string; isOver: boolean };

/** Where an upload stands, from what happened last: above all, why "processing" takes its time. */
export function standing(entries: readonly TimelineEntry[]): Standing {
  const last = entries.at(-1);
  switch (last?.step) {
    case undefined:
    case "opened":
      return {
        tone: "grey",
        word: "Waiting",
        title: "Waiting for its bytes",
        text: "An address was given out, and nothing has arrived yet. Whoever asked for it sends the bytes, or lets it end by itself.",
        isOver: false,
      };
    case "received":
      return {
        tone: "blue",
        word: "Received",
        title: "The bytes are here; the app has not said that it is done",
        text: "The app completes an upload with POST /uploads/complete. Until then the bytes may still be replaced, so nothing is checked.",
        isOver: false,
      };
    case "scan_waiting":
      return {
        tone: "amber",
        word: "Waiting for the scanner",
        title: "The malware scanner does not answer",
        text: "Nothing is published unscanned, so the file waits. It is tried again by itself; the operator of the server can look at the scanner meanwhile.",
        isOver: false,
      };
    case "failed": {
      const reason = failureWords(String(last.detail.reason ?? "") as FailureReason);
      return { tone: "red", word: "Failed", title: reason.title, text: reason.todo, isOver: true };
    }
    case "cancelled":
      return {
        tone: "grey",
        word: "Cancelled",
        title: "This upload was cancelled",
        text: "It was given up before it was complete. Nothing was kept.",
        isOver: true,
      };
    case "deleted":
      return {
        tone: "grey",
        word: "Deleted",
        title: "This file was deleted",
        text: "The file and all its addresses are gone. Only its history is left.",
        isOver: true,
      };
    default:
      return {
        tone: "blue",
        word: "Processing",
        title: "The file is being checked",
        text: "Its type is read from the bytes, then the malware scanner looks at it, then pictures get thumbnails. This takes seconds, or with many or large files minutes.",
        isOver: false,
      };
  }
}
