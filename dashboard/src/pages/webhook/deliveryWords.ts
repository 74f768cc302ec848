import type { Attempt, Delivery } from "@/api/deliveries";

import type { Tone } from "@/ui";

/** Where a delivery stands, in a word or two. */
export function deliveryState(delivery: Delivery, now: number): { tone: Tone; label: string; pulse?: boolean } {
  if (delivery.status === "succeeded") return { tone: "green", label: "Delivered" };
  if (delivery.status === "failed") return { tone: "red", label: "Failed" };
  const isDue = !delivery.nextAttemptAt || Date.parse(delivery.nextAttemptAt) <= now;
  if (isDue) return { tone: "blue", label: "Sending", pulse: true };
  return { tone: "amber", label: "Retry" };
}

/** What became of a delivery, in a sentence. */
export function deliverySentence(delivery: Delivery, isDisabled: boolean): string {
  const tries = delivery.attempts === 1 ? "1 attempt" : `${delivery.attempts} attempts`;
  if (delivery.status === "succeeded") {
    return delivery.attempts === 1
      ? "The endpoint took it at the first attempt."
      : `The endpoint took it after ${tries}.`;
  }
  if (delivery.status === "failed") {
    if (delivery.attempts === 0) return "It was never sent, because the endpoint was disabled.";
    return isDisabled
      ? `It was given up after ${tries}, as the endpoint is disabled.`
      : `It was given up after ${tries}. Mend the endpoint, then send it again.`;
  }
  return delivery.attempts === 0
    ? "It is on its way."
    : `The endpoint has not taken it in ${tries}. It is tried again.`;
}

/** What single answers mean for whoever has to mend the endpoint. */
const STATUS_WORDS: Record<number, string> = {
  400: "The endpoint could not read the event, or did not accept its signature. Check its signing secret.",
  401: "The endpoint wants credentials. Give them as a header of the endpoint.",
  403: "The endpoint forbids it. Often a firewall or a check against cross-site requests (CSRF) is in the way.",
  404: "There is nothing at this address. Check its path.",
  405: "The address does not take POST.",
  408: "The endpoint ran out of time.",
  410: "The endpoint says that it is gone for good. This disables it.",
  413: "The endpoint refuses a body of this size.",
  415: "The endpoint does not take JSON.",
  429: "The endpoint asks for a slower pace.",
  502: "A proxy before the endpoint could not reach it.",
  503: "The endpoint is not available for now.",
  504: "A proxy before the endpoint waited too long for it.",
};

const sentence = (text: string): string => {
  const words = text.trim();
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.!?]$/.test(words) ? "" : "."}`;
};

/** What an attempt came to, and what to do about it. */
export function attemptSentence(attempt: Pick<Attempt, "responseStatus" | "error">): string {
  const { responseStatus: status, error } = attempt;
  if (status === null) return error ? sentence(error) : "There was no answer.";
  if (status >= 200 && status < 300) return "The endpoint took it.";
  if (status >= 300 && status < 400)
    return "The endpoint points elsewhere, which is not followed. Give the final address.";
  return STATUS_WORDS[status] ?? (status < 500 ? "The endpoint refused it." : "The endpoint failed on its side.");
}

/** Headers as they are written on the wire, one a line. */
export const headerLines = (headers: Readonly<Record<string, string>>): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");

export type Since = { id: string; label: string; at: string };

/** From when on to send again: since it began to fail or was disabled, if that is known, and round times. */
export function sinceChoices(
  endpoint: { failingSince: string | null; disabledAt: string | null; createdAt: string },
  now: number,
): Since[] {
  const ago = (hours: number) => new Date(now - hours * 3_600_000).toISOString();
  // Failing comes first: what made it fail also disabled it.
  const began = endpoint.failingSince ?? endpoint.disabledAt;
  return [
    ...(began
      ? [{ id: "began", label: endpoint.failingSince ? "Since it began to fail" : "Since it was disabled", at: began }]
      : []),
    { id: "hour", label: "The last hour", at: ago(1) },
    { id: "day", label: "The last 24 hours", at: ago(24) },
    { id: "week", label: "The last 7 days", at: ago(24 * 7) },
    { id: "all", label: "Since it was made", at: endpoint.createdAt },
  ];
}
