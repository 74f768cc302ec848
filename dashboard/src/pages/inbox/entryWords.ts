import { FilePen, FilePlus2, FileQuestion, FileWarning, FileX2, type LucideIcon } from "lucide-react";
import type { InboxEntry } from "@/api/inbox";
import { EVENT_TYPES, type EventType } from "@/api/webhooks";
import { formatBytes } from "@/lib/format";
import type { Tone } from "@/ui";

/** What an `<img>` shows; the CDN host serves these and no other picture in place. */
const PICTURES = ["image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "image/bmp"];

const LOOKS: Record<EventType, { tone: Tone; icon: LucideIcon }> = {
  "file.uploaded": { tone: "green", icon: FilePlus2 },
  "file.updated": { tone: "blue", icon: FilePen },
  "file.deleted": { tone: "grey", icon: FileX2 },
  "file.failed": { tone: "red", icon: FileWarning },
};

export type Picture = { url: string; name: string; isPublic: boolean };

/** What an entry says. Anybody on this machine can post one, so nothing in its body is taken for granted. */
export type EntryWords = {
  type: string;
  name: string;
  /** In a few words, beside the name. */
  about: string;
  tone: Tone;
  icon: LucideIcon;
  eventId: string | undefined;
  isTest: boolean;
  isRight: boolean;
  picture: Picture | undefined;
};

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const fields = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

export function entryWords(entry: InboxEntry): EntryWords {
  const event = fields(parse(entry.body));
  const data = fields(event.data);
  const type = text(event.type);
  const known = EVENT_TYPES.find((each) => each === type);
  const isRight = entry.signatureProblem === null && entry.standardProblem === null;
  const url = text(data.url);
  const name = text(data.name);
  return {
    type: type || "no event",
    name: name || "(no file)",
    about: about(type, data),
    ...(known ? LOOKS[known] : { tone: "grey", icon: FileQuestion }),
    eventId: text(event.id) || undefined,
    isTest: event.test === true,
    isRight,
    picture:
      isRight && url && PICTURES.includes(text(data.mimeType))
        ? { url, name, isPublic: data.isPublic === true }
        : undefined,
  };
}

function about(type: string, data: Record<string, unknown>): string {
  if (type === "file.updated" && Array.isArray(data.changes)) return `changed: ${data.changes.map(text).join(", ")}`;
  if (type === "file.failed") return text(data.reason);
  if (type === "file.uploaded" && typeof data.sizeBytes === "number")
    return `${text(data.mimeType)}, ${formatBytes(data.sizeBytes)}`;
  return "";
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
