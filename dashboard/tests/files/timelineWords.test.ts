import { describe, expect, it } from "vitest";
import type { FailureReason, Step, TimelineEntry } from "@/api/wire";
import { failureWords } from "@/files/failureWords";
import { standing } from "@/files/standing";
import { timelineWords } from "@/files/timelineWords";

const entry = (step: Step, detail: Record<string, unknown> = {}): TimelineEntry => ({
  at: "2026-11-29T08:00:00Z",
  step,
  detail,
});

const REASONS: FailureReason[] = [
  "MALWARE_DETECTED",
  "NOT_SCANNABLE",
  "SCAN_UNAVAILABLE",
  "CONTENT_TYPE_NOT_ALLOWED",
  "SIZE_MISMATCH",
  "QUOTA_EXCEEDED",
  "EXPIRED",
  "STORAGE_ERROR",
];

describe("timelineWords", () => {
  it("never calls an unscanned file clean", () => {
    expect(timelineWords(entry("scanned", { scan: "clean" }))).toMatchObject({ title: "Scanned", tone: "green" });
    const skipped = timelineWords(entry("scanned", { scan: "skipped" }));
    expect(skipped.title).toBe("Not scanned");
    expect(skipped.tone).not.toBe("green");
  });

  it("hands on the server's own sentence of a failure", () => {
    const words = timelineWords(
      entry("failed", { reason: "MALWARE_DETECTED", message: "The scanner found malware: Eicar." }),
    );
    expect(words).toEqual({ title: "Failed: malware found", text: "The scanner found malware: Eicar.", tone: "red" });
    expect(timelineWords(entry("failed", { reason: "EXPIRED" })).text).toMatch(/Upload the file again/);
  });

  it("says what waits for the scanner and why", () => {
    expect(timelineWords(entry("scan_waiting", { message: "connection refused" })).text).toMatch(
      /by itself.*connection refused/,
    );
  });

  it("tells thumbnails that were made from those that could not be", () => {
    expect(timelineWords(entry("thumbnails", { made: ["thumb_64"] }))).toMatchObject({
      title: "Thumbnails made",
      text: "1 size.",
    });
    expect(timelineWords(entry("thumbnails", { made: [], message: "Too large." }))).toMatchObject({
      title: "No thumbnails",
      tone: "amber",
    });
  });

  it.each([
    [["name"], "New name."],
    [["name", "folder"], "New name and folder."],
    [["name", "isPublic", "metadata"], "New name, visibility and metadata."],
    [[], "Its details were changed."],
  ])("lists changes %j", (changes, expected) => {
    expect(timelineWords(entry("updated", { changes })).text).toBe(expected);
  });

  it("says sizes, and does without", () => {
    expect(timelineWords(entry("received", { sizeBytes: 2_841_220 })).text).toBe(
      "2.84 MB arrived and are on stable storage.",
    );
    expect(timelineWords(entry("received")).text).toBe("All bytes arrived and are on stable storage.");
    expect(timelineWords(entry("stripped", { from: 2000, to: 1500 })).text).toMatch(/: 2 kB became 1.5 kB\./);
    expect(timelineWords(entry("stripped")).text).not.toMatch(/became/);
  });

  it("shows a step it does not know", () => {
    expect(timelineWords(entry("polished" as Step, { message: "It shines." }))).toMatchObject({
      title: "polished",
      text: "It shines.",
    });
  });
});

describe("failureWords", () => {
  it.each(REASONS)("has words and a remedy for %s", (reason) => {
    const { title, todo } = failureWords(reason);
    expect(title).not.toContain("_");
    expect(todo.length).toBeGreaterThan(30);
  });
  it("says an unknown reason as it is", () => {
    expect(failureWords("NEW_REASON").title).toBe("NEW_REASON");
    expect(failureWords(null).title).toBe("Unknown reason");
  });
});

describe("standing", () => {
  it.each([
    [[], "Waiting", false],
    [[entry("opened")], "Waiting", false],
    [[entry("opened"), entry("received")], "Received", false],
    [[entry("accepted")], "Processing", false],
    [[entry("accepted"), entry("stripped")], "Processing", false],
    [[entry("accepted"), entry("scan_waiting")], "Waiting for the scanner", false],
    [[entry("accepted"), entry("failed", { reason: "EXPIRED" })], "Failed", true],
    [[entry("opened"), entry("cancelled")], "Cancelled", true],
    [[entry("published"), entry("deleted")], "Deleted", true],
  ])("goes by what happened last (%#: %s)", (entries, word, isOver) => {
    expect(standing(entries)).toMatchObject({ word, isOver });
  });
});
