import type { TimelineEntry } from "@/api/wire";
import { formatBytes } from "@/lib/format";
import type { Tone } from "@/ui";
import { failureWords } from "./failureWords";

export type Words = { title: string; text?: string; tone: Tone };

const textOf = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);
const bytesOf = (value: unknown): string | undefined => (typeof value === "number" ? formatBytes(value) : undefined);

const CHANGES: Record<string, string> = {
  name: "name",
  isPublic: "visibility",
  folder: "folder",
  metadata: "metadata",
};

/** What an entry of a file's history says to somebody who did not build the server. */
export function timelineWords({ step, detail }: TimelineEntry): Words {
  const message = textOf(detail.message);
  switch (step) {
    case "opened":
      return {
        title: "Upload opened",
        text: `An address was given out to send ${bytesOf(detail.expectedSize) ?? "the bytes"} to.`,
        tone: "grey",
      };
    case "received":
      return {
        title: "Bytes received",
        text: `${bytesOf(detail.sizeBytes) ?? "All bytes"} arrived and are on stable storage.`,
        tone: "grey",
      };
    case "accepted":
      return {
        title: "Accepted",
        text: "The bytes are final. The checks begin: type, then malware scan.",
        tone: "blue",
      };
    case "stripped":
      return {
        title: "Private metadata removed",
        text: `Position, camera and the like were taken out of the picture${shrunk(detail)}.`,
        tone: "grey",
      };
    case "scan_waiting":
      return {
        title: "Waiting for the malware scanner",
        text: `The scanner cannot be asked at the moment; it is tried again by itself.${message ? ` It said: ${message}` : ""}`,
        tone: "amber",
      };
    case "scanned":
      return detail.scan === "clean"
        ? { title: "Scanned", text: "The malware scanner found nothing.", tone: "green" }
        : {
            title: "Not scanned",
            text: "This server has no malware scanner, so nothing is known about malware in this file.",
            tone: "grey",
          };
    case "thumbnails":
      return thumbnails(detail.made, message);
    case "published":
      return {
        title: "Ready",
        text: `The file can be fetched${textOf(detail.mimeType) ? `, as ${detail.mimeType}` : ""}.`,
        tone: "green",
      };
    case "failed": {
      const reason = failureWords(textOf(detail.reason));
      return { title: `Failed: ${reason.title.toLowerCase()}`, text: message ?? reason.todo, tone: "red" };
    }
    case "cancelled":
      return {
        title: "Cancelled",
        text: "The upload was given up before it was complete. Nothing was kept.",
        tone: "grey",
      };
    case "updated":
      return { title: "Changed", text: changed(detail.changes), tone: "grey" };
    case "deleted":
      return { title: "Deleted", text: "The file and all its addresses are gone.", tone: "grey" };
    default:
      // A server that is newer than this page.
      return { title: String(step), ...(message ? { text: message } : {}), tone: "grey" };
  }
}

function shrunk({ from, to }: Record<string, unknown>): string {
  const [before, after] = [bytesOf(from), bytesOf(to)];
  return before && after && before !== after ? `: ${before} became ${after}` : "";
}

function thumbnails(made: unknown, message: string | undefined): Words {
  const count = Array.isArray(made) ? made.length : 0;
  if (count > 0) return { title: "Thumbnails made", text: `${count} ${count === 1 ? "size" : "sizes"}.`, tone: "grey" };
  return {
    title: "No thumbnails",
    text: `None could be made; the file itself is not touched by that.${message ? ` ${message}` : ""}`,
    tone: "amber",
  };
}

function changed(changes: unknown): string {
  const words = Array.isArray(changes) ? changes.map((change) => CHANGES[String(change)] ?? String(change)) : [];
  if (words.length === 0) return "Its details were changed.";
  const last = words.at(-1);
  const list = words.length === 1 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
  return `New ${list}.`;
}
