// The fenced blocks of a page, and what each is for. `play.mjs` runs them; e2e/README.md tells writers the rules.

/** Languages that are parsed and not run: `syntax.mjs` has their parsers. */
export const DATA = ["json", "toml", "yaml", "ini", "nginx", "caddyfile", "env", "html", "css", "diff"];
/** Of each of these all blocks of a page are one program. */
export const PROGRAMS = { python: "python", ts: "ts", js: "ts" };
/** Only for the eye. */
const SHOWN = ["text", "mermaid"];

const FENCE = /^( *)(`{3,})([^`]*)$/;
const CAPTION = /^`([^`\s]+)`(, at the end)?:$/;
const NOT_RUN = /^<!-- not run: (\S.*) -->$/;
const BROWSER = /^<!-- in the browser -->$/;
const BACKGROUND = /^<!-- background: (\S.*) -->$/;
/** Begins a comment whose further lines are shell that readers do not see. */
const CHECK = "<!-- check";
const EXAMPLE = /^<!-- files of (examples\/[\w-]+) -->$/m;

/** Whether a page is about a clone of Reupload, and is played in one. */
export const inClone = (text) => /^<!-- in a clone -->$/m.test(text);

/**
 * The blocks of a page, in order: `{language, code, line, kind, path?, source?, append?, until?, hidden?}`. `line` is that of the fence,
 * `kind` is `file`, `shell`, `program`, `types`, `data`, `shown` or `skipped`, `source` the file of an example that a `file` must be. Throws
 * what breaks the rules, with the line.
 */
export function blocksOf(text) {
  const example = EXAMPLE.exec(text)?.[1];
  const lines = text.split("\n");
  const blocks = [];
  for (let at = 0; at < lines.length; at++) {
    if (lines[at] === CHECK) {
      const end = lines.indexOf("-->", at);
      if (end < 0) throw new Error(`line ${at + 1}: the check has no end`);
      blocks.push({ language: "sh", code: `${lines.slice(at + 1, end).join("\n")}\n`, line: at + 1, kind: "shell", hidden: true });
      at = end;
      continue;
    }
    const fence = FENCE.exec(lines[at]);
    if (!fence) continue;
    const [, indent, ticks, language] = fence;
    const end = lines.findIndex((line, index) => index > at && line === indent + ticks);
    if (end < 0) throw new Error(`line ${at + 1}: the block has no end`);
    const code = lines.slice(at + 1, end).map((line) => `${line.startsWith(indent) ? line.slice(indent.length) : line}\n`).join("");
    blocks.push({ language, code, line: at + 1, ...purpose(lines, at, language, example) });
    at = end;
  }
  return blocks;
}

/** What a block is for, by the lines before it and its language. */
function purpose(lines, at, language, example) {
  let above = at - 1;
  const said = (pattern) => {
    const found = lines[above]?.trim().match(pattern);
    if (found) above--;
    return found;
  };
  if (said(NOT_RUN)) return { kind: "skipped" };
  const until = said(BACKGROUND)?.[1];
  const browser = said(BROWSER);
  while (lines[above]?.trim() === "") above--;
  const caption = said(CAPTION);
  // A file of the reader's system, `/etc/…`, is none of the application: its language says what it is.
  if (caption && !caption[1].startsWith("/")) {
    const [, path, end] = caption;
    if (path.split("/").includes("..")) throw new Error(`line ${at + 1}: ${path} is not below the page's folder`);
    return { kind: "file", path, append: Boolean(end), source: example && `${example}/${path}` };
  }
  if (language === "sh") return { kind: "shell", until };
  if (until) throw new Error(`line ${at + 1}: only sh runs in the background`);
  if (browser && language !== "ts") throw new Error(`line ${at + 1}: only ts is of the browser`);
  if (browser || language === "tsx") return { kind: "types" };
  if (language in PROGRAMS) return { kind: "program", program: PROGRAMS[language] };
  if (DATA.includes(language)) return { kind: "data" };
  if (SHOWN.includes(language)) return { kind: "shown" };
  throw new Error(`line ${at + 1}: nothing is known to do with a block of "${language}"; see e2e/README.md`);
}

/** The page with everything but these blocks blanked, so that each line of code keeps its number. */
export function inPlace(blocks) {
  let text = "";
  let line = 0;
  for (const block of blocks) {
    text += "\n".repeat(block.line - line) + block.code;
    line = block.line + block.code.split("\n").length - 1;
  }
  return text;
}

/** The source of a regular expression for a text of the page, whose `…` stands for anything. */
export const patternOf = (shown) =>
  shown
    .split("…")
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join("[^]*");

/** Where an answer is not what the page shows: a `…` in the page stands for anything, and fields and items may be left out behind. */
export function difference(shown, got, where = "answer") {
  if (typeof shown === "string" && shown.includes("…")) {
    return typeof got === "string" && new RegExp(`^${patternOf(shown)}$`).test(got) ? undefined : `${where}: ${JSON.stringify(got)} is not ${shown}`;
  }
  if (shown === null || typeof shown !== "object") {
    return shown === got ? undefined : `${where}: ${JSON.stringify(got)} is not ${JSON.stringify(shown)}`;
  }
  if (got === null || typeof got !== "object" || Array.isArray(got) !== Array.isArray(shown)) return `${where}: ${JSON.stringify(got)} is something else`;
  for (const [key, value] of Object.entries(shown)) {
    const found = key in got ? difference(value, got[key], `${where}.${key}`) : `${where}.${key} is not there`;
    if (found) return found;
  }
}

/** The last JSON document that a block printed. */
export function lastJson(output) {
  const starts = [...output.matchAll(/^[[{]/gm)].map((found) => found.index).reverse();
  for (const start of starts) {
    try {
      return JSON.parse(output.slice(start));
    } catch {}
  }
}
