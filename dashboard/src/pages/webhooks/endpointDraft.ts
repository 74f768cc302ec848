import { type Endpoint, type EndpointInput, EVENT_TYPES, type EventType, type Headers } from "@/api/webhooks";

export const EVENT_WORDS: Record<EventType, { label: string; hint: string }> = {
  "file.uploaded": { label: "file.uploaded", hint: "A file is checked and ready." },
  "file.updated": { label: "file.updated", hint: "Its name, folder, visibility or metadata has changed." },
  "file.deleted": { label: "file.deleted", hint: "It is gone, by a call, by a person or by retention." },
  "file.failed": { label: "file.failed", hint: "An upload did not become a file, and why." },
};

export type EndpointDraft = {
  url: string;
  description: string;
  events: EventType[];
  /** One `Name: value` a line. */
  headers: string;
};

export const newDraft: EndpointDraft = {
  url: "",
  description: "",
  events: ["file.uploaded", "file.updated", "file.deleted"],
  headers: "",
};

export const toDraft = ({ url, description, events }: Endpoint): EndpointDraft => ({
  url,
  description,
  events,
  // The server does not give their values away; what is written here replaces them all.
  headers: "",
});

export type EndpointErrors = Partial<Record<keyof EndpointDraft, string>>;

const isLocal = (host: string) =>
  host === "localhost" ||
  host.endsWith(".localhost") ||
  host === "[::1]" ||
  /^(127|10|192\.168|169\.254|0)\./.test(host);

/** What is wrong with an address, or with `kind: "warning"` what the server may refuse. */
export function urlHint(text: string): { kind: "error" | "warning"; text: string } | undefined {
  const entry = text.trim();
  if (!entry) return { kind: "error", text: "Write the address that takes the events." };
  const error = (words: string) => ({ kind: "error" as const, text: words });
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(entry)) return error("Write the whole address, beginning with https://.");
  let url: URL;
  try {
    url = new URL(entry);
  } catch {
    return error("This is not an address. Write it as https://app.example.com/webhooks.");
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return error("The address must begin with https://.");
  if (url.username || url.password) return error("Leave the password out of the address, and use a header below.");
  if (url.hash) return error("Leave out the part from # on: it is never sent.");
  const warning = (words: string) => ({ kind: "warning" as const, text: words });
  if (isLocal(url.hostname)) {
    return warning(
      "This address is on the server’s own machine or network. It is called only if the operator allows it.",
    );
  }
  if (url.protocol === "http:") return warning("Without https it is called only if the operator allows it.");
  return undefined;
}

/** The lines of `Name: value` as headers, or what is wrong with the first bad one. */
export function parseHeaders(text: string): { headers: Headers } | { error: string } {
  const headers: Headers = {};
  for (const line of text.split("\n").filter((each) => each.trim())) {
    const at = line.indexOf(":");
    const name = line.slice(0, Math.max(at, 0)).trim().toLowerCase();
    const value = line.slice(at + 1).trim();
    // RFC 9110, section 5.6.2.
    if (at < 0 || !/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) {
      // The line itself may be a password, so it is not repeated.
      return { error: "Write each header as Name: value, one a line." };
    }
    if (name in headers) return { error: `The header ${name} is there twice.` };
    if (!/^[ -~]*$/.test(value)) return { error: `The header ${name} has characters that cannot be sent.` };
    headers[name] = value;
  }
  return { headers };
}

/** What keeps an endpoint from being saved, by field. */
export function endpointErrors(draft: EndpointDraft): EndpointErrors {
  const errors: EndpointErrors = {};
  const url = urlHint(draft.url);
  if (url?.kind === "error") errors.url = url.text;
  if (draft.events.length === 0) errors.events = "Choose at least one event.";
  const headers = parseHeaders(draft.headers);
  if ("error" in headers) errors.headers = headers.error;
  return errors;
}

/** As the server takes it; headers only if some are written, so that an edit does not lose those that are there. */
export function toInput(draft: EndpointDraft): EndpointInput {
  const headers = parseHeaders(draft.headers);
  return {
    url: draft.url.trim(),
    description: draft.description.trim(),
    events: EVENT_TYPES.filter((type) => draft.events.includes(type)),
    ...("headers" in headers && draft.headers.trim() ? { headers: headers.headers } : {}),
  };
}
