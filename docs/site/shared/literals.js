// JSON as it is written in other languages.

const PAD = "    ";

/**
 * A value as Python writes it.
 * @param {unknown} value
 * @param {string} indent
 * @returns {string}
 */
export function python(value, indent = "") {
  if (value === null || value === undefined) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (value instanceof Verbatim) return value.code;
  if (typeof value !== "object") return JSON.stringify(value);
  const deeper = indent + PAD;
  const [open, close, lines] = Array.isArray(value)
    ? ["[", "]", value.map((each) => python(each, deeper))]
    : ["{", "}", entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${python(each, deeper)}`)];
  return lay(open, lines, close, indent, deeper);
}

/**
 * A value as TypeScript writes it: names without quotes where they need none.
 * @param {unknown} value
 * @param {string} indent
 * @returns {string}
 */
export function typescript(value, indent = "") {
  if (value instanceof Verbatim) return value.code;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "undefined";
  const deeper = `${indent}  `;
  const key = (/** @type {string} */ name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));
  const [open, close, lines] = Array.isArray(value)
    ? ["[", "]", value.map((each) => typescript(each, deeper))]
    : ["{ ", " }", entries(value).map(([name, each]) => `${key(name)}: ${typescript(each, deeper)}`)];
  return lay(open, lines, close, indent, deeper);
}

/** Code that stands in the place of a value. */
export class Verbatim {
  /** @param {string} code */
  constructor(code) {
    this.code = code;
  }
}

const entries = (/** @type {object} */ value) => Object.entries(value).filter(([, each]) => each !== undefined);

/**
 * On one line if it is short, else a line each.
 * @param {string} open @param {string[]} lines @param {string} close @param {string} indent @param {string} deeper
 */
function lay(open, lines, close, indent, deeper) {
  if (!lines.length) return open.trim() + close.trim();
  const one = open + lines.join(", ") + close;
  if (one.length + indent.length <= 64 && !one.includes("\n")) return one;
  return `${open.trim()}\n${lines.map((line) => `${deeper}${line},`).join("\n")}\n${indent}${close.trim()}`;
}
