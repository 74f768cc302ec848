import { describe, expect, test } from "vitest";
import { type Delivery, nextLook } from "@/api/deliveries";

import {
  attemptSentence,
  deliverySentence,
  deliveryState,
  headerLines,
  sinceChoices,
} from "@/pages/webhook/deliveryWords";

const NOW = Date.parse("2026-11-29T08:00:00Z");
const delivery = (change: Partial<Delivery>): Delivery => ({
  id: "d",
  webhookId: "e",
  eventId: "evt_1",
  type: "file.uploaded",
  status: "pending",
  attempts: 0,
  nextAttemptAt: "2026-11-29T08:00:00Z",
  createdAt: "2026-11-29T07:59:00Z",
  finishedAt: null,
  ...change,
});

describe("deliveryState", () => {
  test.each([
    [{ status: "succeeded" as const }, "Delivered"],
    [{ status: "failed" as const, attempts: 12 }, "Failed"],
    [{ nextAttemptAt: "2026-11-29T07:59:59Z" }, "Sending"],
    [{ nextAttemptAt: null }, "Sending"],
    [{ nextAttemptAt: "2026-11-29T08:00:00Z" }, "Sending"],
    [{ nextAttemptAt: "2026-11-29T08:00:05Z", attempts: 1 }, "Retry"],
  ])("%j is %s", (change, label) => {
    expect(deliveryState(delivery(change), NOW).label).toBe(label);
  });
});

describe("deliverySentence", () => {
  test.each([
    [{ status: "succeeded" as const, attempts: 1 }, false, "first attempt"],
    [{ status: "succeeded" as const, attempts: 3 }, false, "after 3 attempts"],
    [{ status: "failed" as const, attempts: 0 }, true, "never sent"],
    [{ status: "failed" as const, attempts: 12 }, false, "after 12 attempts. Mend"],
    [{ status: "failed" as const, attempts: 1 }, true, "after 1 attempt, as the endpoint is disabled"],
    [{ attempts: 0 }, false, "on its way"],
    [{ attempts: 1 }, false, "in 1 attempt. It is tried again"],
  ])("%j", (change, isDisabled, part) => {
    expect(deliverySentence(delivery(change), isDisabled)).toContain(part);
  });
});

describe("attemptSentence", () => {
  test.each([
    [200, "took it"],
    [204, "took it"],
    [301, "not followed"],
    [400, "signing secret"],
    [403, "CSRF"],
    [410, "disables"],
    [418, "refused"],
    [500, "failed on its side"],
    [599, "failed on its side"],
  ])("%d", (responseStatus, part) => {
    expect(attemptSentence({ responseStatus, error: "the endpoint answered" })).toContain(part);
  });

  test("without an answer the server's own words are made a sentence", () => {
    expect(attemptSentence({ responseStatus: null, error: "no complete answer within 15 s" })).toBe(
      "No complete answer within 15 s.",
    );
    expect(attemptSentence({ responseStatus: null, error: "Done." })).toBe("Done.");
    expect(attemptSentence({ responseStatus: null, error: null })).not.toBe("");
  });
});

test("headers are written one a line", () => {
  expect(headerLines({ a: "1", b: "2" })).toBe("a: 1\nb: 2");
});

describe("sinceChoices", () => {
  const endpoint = { failingSince: null, disabledAt: null, createdAt: "2026-01-01T00:00:00Z" };

  test("begins with when it began to fail, then with when it was disabled", () => {
    const failing = { ...endpoint, failingSince: "2026-11-20T00:00:00Z", disabledAt: "2026-11-25T00:00:00Z" };
    expect(sinceChoices(failing, NOW)[0]).toEqual({
      id: "began",
      label: "Since it began to fail",
      at: "2026-11-20T00:00:00Z",
    });
    expect(sinceChoices({ ...endpoint, disabledAt: "2026-11-25T00:00:00Z" }, NOW)[0]).toMatchObject({
      label: "Since it was disabled",
      at: "2026-11-25T00:00:00Z",
    });
  });

  test("has round times and the beginning", () => {
    expect(sinceChoices(endpoint, NOW).map(({ id, at }) => [id, at])).toEqual([
      ["hour", "2026-11-29T07:00:00.000Z"],
      ["day", "2026-11-28T08:00:00.000Z"],
      ["week", "2026-11-22T08:00:00.000Z"],
      ["all", "2026-01-01T00:00:00Z"],
    ]);
  });
});

describe("nextLook", () => {
  test.each([
    [[], false],
    [[delivery({ status: "succeeded" }), delivery({ status: "failed" })], false],
    [[delivery({ nextAttemptAt: null })], 3000],
    [[delivery({ nextAttemptAt: "2026-11-29T07:00:00Z" })], 3000],
    [
      [delivery({ nextAttemptAt: "2026-11-29T08:02:00Z" }), delivery({ nextAttemptAt: "2026-11-29T08:00:30Z" })],
      30_000,
    ],
  ])("%#", (deliveries, wait) => {
    expect(nextLook(deliveries, NOW)).toBe(wait);
  });
});
