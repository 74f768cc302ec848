// A schema of the document as a list of fields, each with its type, limits and words.

import { html, raw } from "../html.mjs";
import { inline } from "../markdown.mjs";
import { deref, inOrder } from "./operations.mjs";

/** How deep objects in objects are shown. */
const DEPTH = 4;

/**
 * Gives the fields of an object, of the items of a list, or of each of several forms. In a request the required ones come first and are marked; what is
 * answered is always there.
 */
export function fields(schema, document, { depth = 0, answered = false } = {}) {
  const found = whole(schema, document);
  if (found.type === "array") return fields(found.items, document, { depth, answered });
  const forms = found.oneOf ?? found.anyOf;
  if (forms) return forms.map((form) => withTitle(form, document, { depth, answered }));
  if (!found.properties || depth > DEPTH) return null;
  const required = new Set(answered ? [] : found.required);
  const named = Object.entries(found.properties).map(([name, schema]) => ({
    name,
    schema,
    required: required.has(name),
  }));
  const listed = answered ? named : inOrder(named);
  return html`<ul class="fields">${listed.map((each) => field(each, document, { depth, answered }))}</ul>`;
}

function withTitle(form, document, at) {
  const listed = fields(form, document, at);
  const { description } = whole(form, document);
  return listed && html`<p class="form-of">${raw(inline(description ?? ""))}</p>${listed}`;
}

/** One field or parameter. */
export function field({ name, schema, required, description, where }, document, at = {}) {
  const found = whole(schema, document);
  const words = description ?? found.description;
  return html`<li><div class="field"><code>${name}</code> <span class="type">${typeOf(found, document)}</span>${required && html` <span class="required">required</span>`}${where && html` <span class="type">${where}</span>`}</div>
${words && html`<p>${raw(inline(words.replaceAll("\n", " ")))}</p>`}${limits(found)}
${nested(found, document, at)}</li>`;
}

function nested(schema, document, { depth = 0, answered }) {
  const inside = fields(schema, document, { depth: depth + 1, answered });
  return inside && html`<details><summary>Fields</summary>${inside}</details>`;
}

/** Without `null` among its types, which is told beside the type. */
function whole(schema, document) {
  const found = deref(schema, document);
  const [form, ...more] = (found.oneOf ?? []).filter(({ type }) => type !== "null");
  if (form && !more.length && found.oneOf) {
    const description = found.description ?? form.description;
    return { ...deref(form, document), ...(description && { description }), nullable: true };
  }
  if (Array.isArray(found.type)) {
    const types = found.type.filter((type) => type !== "null");
    return { ...found, type: types[0], nullable: types.length < found.type.length };
  }
  return found;
}

function typeOf(schema, document) {
  const kind = (each) => {
    const found = whole(each, document);
    if (found.enum) return "text";
    if (found.type === "array") return `list of ${kind(found.items)}s`;
    if (found.format === "uuid") return "UUID";
    if (found.format === "date-time") return "time";
    if (found.format === "binary" || found.contentMediaType === "application/octet-stream") return "file";
    if (found.type === "object" || found.oneOf || found.anyOf) return "object";
    return { string: "text", integer: "integer", boolean: "true or false", number: "number" }[found.type] ?? "any";
  };
  return kind(schema) + (schema.nullable ? " or null" : "");
}

function limits(schema) {
  const one = (name, value) => value !== undefined && html`<span>${name} <code>${value}</code></span>`;
  const between = [
    one("default", schema.default),
    one("at least", schema.minimum),
    one("at most", schema.maximum),
    schema.maxLength !== undefined && html`<span>at most <code>${schema.maxLength}</code> characters</span>`,
    schema.enum &&
      html`<span>one of ${schema.enum.map((value, index) => html`${index > 0 && ", "}<code>${value}</code>`)}</span>`,
  ].filter(Boolean);
  return between.length > 0 && html`<p class="limits">${between}</p>`;
}
