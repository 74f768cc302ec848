// Colors of code, as classes that styles/code.css knows.

import highlighter from "highlight.js/lib/common";
import http from "highlight.js/lib/languages/http";
import nginx from "highlight.js/lib/languages/nginx";
import { escapeHtml } from "./html.mjs";

highlighter.registerLanguage("http", http);
highlighter.registerLanguage("nginx", nginx);

/** Languages that are shown as they are. */
const PLAIN = new Set(["", "text", "txt", "caddy", "caddyfile", "promql", "csv"]);
/** Words of a code host that highlight.js calls otherwise. */
const ALIASES = { dotenv: "ini", env: "ini", systemd: "ini", service: "ini", jsonc: "json" };

/** Gives HTML. Throws on a language that nobody knows: a misspelled one would lose its colors unnoticed. */
export function highlight(code, language) {
  const name = ALIASES[language] ?? language;
  if (PLAIN.has(name)) return escapeHtml(code);
  if (!highlighter.getLanguage(name)) throw new Error(`the language "${language}" of a code block is not known`);
  return highlighter.highlight(code, { language: name }).value;
}
