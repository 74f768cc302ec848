// What api/openapi.json says, an operation at a time, with its example of api/examples.json.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { addressOf, root } from "../paths.mjs";

/** The groups of the menu: tag and title, in the order in which a reader meets them. */
const GROUPS = [
  ["uploads", "Uploads"],
  ["cdn", "CDN host"],
  ["files", "Files"],
  ["events", "Events"],
  ["usage", "Usage"],
  ["keys", "Keys"],
  ["health", "The server"],
];

/** Uploads in the order of their steps; others as they are in the document. */
const FIRST = [
  "upload_direct",
  "create_session",
  "complete_session",
  "get_session",
  "cancel_session",
  "put_upload",
  "preflight_upload",
];

const read = (name) => JSON.parse(readFileSync(join(root, "api", name), "utf8"));

/**
 * Gives `{document, groups: [{title, pages}]}`. A page has `{name, address, title, label, description, method, path, operation, parameters, example}` and more
 * that the layout reads. Complains of an operation without an example, or with a tag that the menu does not have.
 */
export function readOperations(complain) {
  const document = read("openapi.json");
  const examples = read("examples.json");
  const pages = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([, operation]) => operation.operationId)
      .map(([method, operation]) => pageOf(path, method, operation, item, examples)),
  );
  for (const { operation, example } of pages) {
    if (!example) complain("api/examples.json", `has no ${operation.operationId}`);
    if (!GROUPS.some(([tag]) => tag === operation.tags[0]))
      complain("api/openapi.json", `has a new tag ${operation.tags[0]}`);
  }
  const place = ({ operation }) =>
    FIRST.includes(operation.operationId) ? FIRST.indexOf(operation.operationId) : FIRST.length;
  pages.sort((one, other) => place(one) - place(other));
  const groups = GROUPS.map(([tag, title]) => ({
    title,
    pages: pages.filter((page) => page.operation.tags[0] === tag),
  }));
  return { document, groups };
}

function pageOf(path, method, operation, item, examples) {
  const name = `api/${operation.operationId}`;
  const description = (operation.description ?? operation.summary).replaceAll("\n", " ");
  return {
    name,
    address: addressOf(name),
    title: operation.summary,
    label: operation.summary,
    description,
    method: method.toUpperCase(),
    path,
    operation,
    parameters: operation.parameters ?? [],
    needsKey: !operation.security,
    isCdn: Boolean(item.servers),
    example: examples[operation.operationId],
  };
}

/** Follows `$ref` into the document's components. */
export function deref(schema, document) {
  if (!schema?.$ref) return schema ?? {};
  const found = document.components.schemas[schema.$ref.replace("#/components/schemas/", "")];
  return { ...found, ...schema, $ref: undefined };
}

/** Fields that a reader looks for first; the document has them by the alphabet. */
const EARLY = ["projectId", "filename", "contentType", "size", "file", "uploadId", "fileId"];

/** Fields with `name` and `required`: required ones first, known ones in their order, the rest as it is. */
export function inOrder(fields) {
  const place = ({ name, required }) =>
    (required ? 0 : 100) + (EARLY.includes(name) ? EARLY.indexOf(name) : EARLY.length);
  return fields.toSorted((one, other) => place(one) - place(other));
}
