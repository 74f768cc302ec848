// From fields to a request: the one that is shown is the one that is sent.

import type { Sent } from "../../shared/samples.js";
import type { Field, Spec, Values } from "./spec";

/** Something that must be put right before anything can be sent. `field` is the name of the one at fault. */
export class Unfit extends Error {
  constructor(
    readonly field: string,
    message: string,
  ) {
    super(message);
  }
}

/** Throws `Unfit` for what is missing or cannot be read, unless `draft`: then it is left out. */
export function assemble(spec: Spec, values: Values, file: File | undefined, draft = false): Sent {
  const sent: Sent = { method: spec.method, path: spec.path };
  const described = file && { name: file.name, type: typeOf(file), size: file.size };
  const given = (place: Field["place"]) => spec.fields.filter((field) => field.place === place);
  const texts = (place: Field["place"]) => {
    const pairs = given(place).flatMap((field) => {
      const text = values[field.name]?.trim();
      if (!text && field.required && !draft) throw new Unfit(field.name, `${field.name} is missing.`);
      if (text && place === "query" && field.kind === "json") return pairsOf(field, text, draft);
      return text ? [[field.name, text] as const] : [];
    });
    return Object.fromEntries(pairs);
  };
  const [address] = Object.values(texts("url"));
  if (given("url").length) sent.url = address ?? `{${given("url")[0]?.name}}`;
  if (given("path").length) sent.pathParameters = texts("path");
  if (given("query").length) sent.query = texts("query");
  if (given("header").length) sent.headers = texts("header");
  for (const [name, text] of Object.entries(sent.headers ?? {}))
    if (!isHeaderText(text) && !draft) throw new Unfit(name, `${name} may have printable ASCII characters only.`);
  if (spec.body && spec.body !== "json" && !described && !draft) throw new Unfit("file", "Choose a file first.");
  if (spec.body === "json") sent.body = jsonBody(given("body"), values, draft);
  if (spec.body === "form") sent.form = { fields: texts("body"), files: described ? [described] : [] };
  if (spec.body === "file" && described) sent.file = described;
  return sent;
}

/** An object of a query is a parameter for each of its texts: `metadata[album]=desert` (deepObject of OpenAPI). */
function pairsOf(field: Field, text: string, draft: boolean): (readonly [string, string])[] {
  const pairs = Object.entries(read(field, text, draft) ?? {});
  return typeof pairs[0]?.[1] === "string" && text.startsWith("{")
    ? pairs.map(([name, value]) => [`${field.name}[${name}]`, String(value)] as const)
    : [];
}

function jsonBody(fields: Field[], values: Values, draft: boolean): Record<string, unknown> {
  const pairs = fields.flatMap((field) => {
    const text = values[field.name]?.trim();
    if (text) return [[field.name, read(field, text, draft)] as const];
    if (field.required && !draft) throw new Unfit(field.name, `${field.name} is missing.`);
    return [];
  });
  return Object.fromEntries(pairs);
}

function read(field: Field, text: string, draft: boolean): unknown {
  if (field.kind === "integer") return /^-?\d+$/.test(text) ? Number(text) : text;
  if (field.kind === "flag") return text === "true";
  if (field.kind === "list") return text.split(/[\s,]+/).filter(Boolean);
  if (field.kind !== "json") return text;
  try {
    return JSON.parse(text);
  } catch {
    if (draft) return text;
    throw new Unfit(field.name, `${field.name} must be JSON, such as {"album": "desert"}.`);
  }
}

/** The address that is asked: this server's, or the whole one that a field holds. */
export function addressOf(sent: Sent): string {
  const filled = sent.path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(sent.pathParameters?.[name] ?? ""));
  const query = new URLSearchParams(sent.query).toString();
  return (sent.url ?? location.origin + filled) + (query && `?${query}`);
}

/** Whether a header may have it; browsers refuse anything else in words of their own. */
export const isHeaderText = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);

/** A browser does not know every type. */
export const typeOf = (file: File): string => file.type || "application/octet-stream";
