import type { Endpoint } from "@/api/webhooks";
import type { Tone } from "@/ui";

/** Where an endpoint stands, in one word. */
export function endpointState(endpoint: Endpoint): { tone: Tone; label: string } {
  if (endpoint.disabledAt) return { tone: "grey", label: "Disabled" };
  if (endpoint.failingSince) return { tone: "amber", label: "Failing" };
  return { tone: "green", label: "Active" };
}

/** An address without its scheme, for a heading or a row. */
export const shortUrl = (url: string): string => url.replace(/^https?:\/\//, "").replace(/\/$/, "");
