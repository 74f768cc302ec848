import { expect, it } from "vitest";
import type { InboxEntry } from "@/api/inbox";
import { entryWords } from "@/pages/inbox/entryWords";
import { withNew } from "@/pages/inbox/useInbox";

const entry = (number: number, event: unknown, more: Partial<InboxEntry> = {}): InboxEntry => ({
  number,
  receivedAt: "2026-11-29T12:00:00Z",
  headers: [],
  body: typeof event === "string" ? event : JSON.stringify(event),
  signatureProblem: null,
  standardProblem: null,
  deliveryId: null,
  attempt: 1,
  seenBefore: false,
  ...more,
});
const photo = { name: "a.png", mimeType: "image/png", sizeBytes: 1200, url: "http://cdn/a.png", isPublic: false };

it("puts what came in front, each once, and keeps the newest 200", () => {
  const numbers = (list: readonly InboxEntry[]) => list.map(({ number }) => number);
  const known = [entry(2, {}), entry(1, {})];
  expect(numbers(withNew(known, [entry(2, {}), entry(3, {}), entry(4, {})]))).toEqual([4, 3, 2, 1]);
  const many = Array.from({ length: 300 }, (_, index) => entry(index, {}));
  expect(numbers(withNew([], many)).slice(0, 2)).toEqual([299, 298]);
  expect(withNew([], many)).toHaveLength(200);
});

it("says what each kind of event is about", () => {
  const about = (type: string, data: unknown) => entryWords(entry(1, { type, data })).about;
  expect(about("file.uploaded", photo)).toBe("image/png, 1.2 kB");
  expect(about("file.updated", { changes: ["name", "folder"] })).toBe("changed: name, folder");
  expect(about("file.failed", { reason: "MALWARE_DETECTED" })).toBe("MALWARE_DETECTED");
  expect(about("file.deleted", photo)).toBe("");
});

it("shows a picture only of a post that is signed right", () => {
  const event = { type: "file.uploaded", data: photo };
  expect(entryWords(entry(1, event)).picture?.url).toBe("http://cdn/a.png");
  expect(entryWords(entry(1, event, { signatureProblem: "Missing." })).picture).toBeUndefined();
  expect(entryWords(entry(1, event, { standardProblem: "Missing." })).picture).toBeUndefined();
  const drawing = { ...event, data: { ...photo, mimeType: "image/svg+xml" } };
  expect(entryWords(entry(1, drawing)).picture).toBeUndefined();
});

it("takes any body", () => {
  for (const body of ["", "null", "[]", "7", '{"data":null}', '{"type":{},"data":{"name":[]}}']) {
    const { type, name, eventId, isTest } = entryWords(entry(1, body));
    expect([type, name, eventId, isTest]).toEqual(["no event", "(no file)", undefined, false]);
  }
});
