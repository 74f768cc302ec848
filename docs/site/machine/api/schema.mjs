// A schema of the document as a list of fields, each with its type, limits and words: as HTML, and as Markdown.

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

/** The same as lines of a list in Markdown. */
export function fieldLines(schema, document, { depth = 0, answered = false } = {}) {
  const found = whole(schema, document);
  if (found.type === "array") return fieldLines(found.items, document, { depth, answered });
  const forms = found.oneOf ?? found.anyOf;
  if (forms) return forms.flatMap((form) => formLines(form, document, { depth, answered }));
  if (!found.properties || depth > DEPTH) return [];
  return Object.entries(found.properties).flatMap(([name, each]) => {
    const required = !answered && found.required?.includes(name);
    return fieldLine({ name, schema: each, required }, document, { depth, answered });
  });
}

function formLines(form, document, { depth, answered }) {
  const { description } = whole(form, document);
  const title = description && `${indent(depth)}- ${oneLine(description)}`;
  return [title, ...fieldLines(form, document, { depth: depth + 1, answered })].filter(Boolean);
}

/** One field or parameter, and those within it. */
export function fieldLine({ name, schema, required, description, where }, document, { depth = 0, answered } = {}) {
  const found = whole(schema, document);
  const facts = [typeOf(found, document), where, required && "required", ...limitsOf(found)].filter(Boolean);
  const words = description ?? found.description;
  return [
    `${indent(depth)}- \`${name}\` (${facts.join(", ")})${words ? `: ${oneLine(words)}` : ""}`,
    ...fieldLines(found, document, { depth: depth + 1, answered }),
  ];
}

const indent = (depth) => "  ".repeat(depth);
const oneLine = (text) => text.replaceAll("\n", " ").trim();

function nested(schema, document, { depth = 0, answered }) {
  const inside = fields(schema, document, { depth: depth + 1, answered });
  return inside && html`<details><summary>Fields</summary>${inside}</details>`;
}

/** With the parts of an `allOf` as one, and without `null` among its types, which is told beside the type. */
function whole(schema, document) {
  const found = deref(schema, document);
  const [form, ...more] = (found.oneOf ?? []).filter(({ type }) => type !== "null");
  if (form && !more.length && found.oneOf) {
    const description = found.description ?? form.description;
    return { ...deref(form, document), ...(description && { description }), nullable: true };
  }
  if (found.allOf) {
    const parts = found.allOf.map((part) => whole(part, document));
    const properties = Object.assign({}, ...parts.map((part) => part.properties));
    return { ...found, type: "object", properties, required: parts.flatMap(({ required }) => required ?? []) };
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

const limits = (schema) => {
  const found = limitsOf(schema).map((text) => html`<span>${raw(inline(text))}</span>`);
  return found.length > 0 && html`<p class="limits">${found}</p>`;
};

/** What a value may be, as Markdown. */
function limitsOf(schema) {
  const { default: usual, minimum, maximum, maxLength, enum: choices } = schema;
  return [
    usual !== undefined && `default \`${usual}\``,
    minimum !== undefined && `at least \`${minimum}\``,
    maximum !== undefined && `at most \`${maximum}\``,
    maxLength !== undefined && `at most \`${maxLength}\` characters`,
    choices && `one of ${choices.map((value) => `\`${value}\``).join(", ")}`,
  ].filter(Boolean);
}
