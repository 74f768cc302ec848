export type OriginHint = {
  /** `error`: the server refuses it. `warning`: it is taken, but may not be what is meant. */
  kind: "error" | "warning";
  /** What is wrong and why, in one or two sentences. */
  text: string;
  /** What was probably meant. */
  fix?: string;
};

const isLoopback = (host: string) => host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);

/** An entry as the server wants it, as far as it can be guessed: scheme, host and port. */
function guess(text: string): string | undefined {
  const bare = text.replace(/^[a-z][a-z0-9+.-]*:\/+/i, "").replace(/^[^/@]*@/, "");
  const anyPort = /^[^/?#]*:\*/.test(bare);
  const host = bare.replace(/[/?#].*$/, "").replace(/:\*$/, "");
  if (!host || host.includes("*")) return undefined;
  const isLocal = isLoopback(host.replace(/:\d+$/, ""));
  try {
    const { origin } = new URL(`${isLocal || /^http:/i.test(text) ? "http" : "https"}://${host}`);
    return anyPort && isLocal ? `${origin}:*` : origin;
  } catch {
    return undefined;
  }
}

const error = (text: string, fix?: string): OriginHint => ({ kind: "error", text, ...(fix ? { fix } : {}) });

/**
 * What to say of one entry of the allowed origins (Fetch standard, "origin"): the mistakes that people make, in the words
 * of people. The server decides; everything that it refuses is an error here.
 */
export function originHint(text: string, others: readonly string[] = []): OriginHint | undefined {
  const entry = text.trim();
  if (!entry) return undefined;
  if (others.includes(entry)) return error("This origin is listed twice.");
  if (entry === "*") return error("Not every page of the web may upload. List each origin of your app.");
  if (entry === "null") return error("A page without an origin, such as a file on a disk, cannot be allowed.");
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(entry)?.[1]?.toLowerCase();
  if (!scheme) return error("The scheme is missing.", guess(entry));
  if (scheme !== "https" && scheme !== "http") return error("The scheme must be https or http.");

  const anyPort = entry.endsWith(":*");
  const plain = anyPort ? entry.slice(0, -2) : entry;
  let url: URL;
  try {
    url = new URL(plain);
  } catch {
    return error("This is not an origin. Write scheme and host, such as https://app.example.com.", guess(entry));
  }
  if (url.hostname.includes("*")) {
    return error("A star cannot stand for subdomains. List each one, such as https://app.example.com.");
  }
  if (url.username || url.password) return error("An origin has no name or password.", guess(entry));
  if (plain !== plain.replace(/[/?#]+$/, "") || url.pathname !== "/" || url.search || url.hash) {
    return error("An origin has no path: leave out everything after the host and port.", guess(entry));
  }
  const isLocal = isLoopback(url.hostname);
  if (anyPort) {
    return isLocal ? undefined : error("A star for the port is only for localhost, 127.0.0.1 and [::1].", guess(plain));
  }
  if (isLocal && !url.port) {
    return {
      kind: "warning",
      text: "This is port 80 alone, and development servers use others.",
      fix: `${url.origin}:*`,
    };
  }
  if (!isLocal && scheme === "http") {
    return {
      kind: "warning",
      text: "Without https, others on the way can change the page that uploads.",
      fix: url.origin.replace(/^http:/, "https:"),
    };
  }
  return undefined;
}

/** What was pasted, as entries: one a line, or with commas between them, with or without quotes. */
export const splitList = (text: string): string[] =>
  text
    .split(/[\s,;]+/)
    .map((part) => part.replace(/^["'`[]+|["'`\]]+$/g, ""))
    .filter(Boolean);
