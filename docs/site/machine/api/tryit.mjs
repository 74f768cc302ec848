// What the Try it panel must know of an operation: how to ask for its fields, and what comes after it.

import { deref, inOrder } from "./operations.mjs";

/** Where the server gives the whole address, the panel asks for that and not for its pieces. */
const ADDRESSES = {
  put_upload: "uploadUrl",
  preflight_upload: "uploadUrl",
  download: "url",
  preflight_download: "url",
};

/** What to do next, when it went well. */
const NEXT = {
  whoami: "create_session",
  create_session: "put_upload",
  put_upload: "complete_session",
  complete_session: "get_session",
  upload_direct: "get_session",
  get_session: "file_access",
  list_files: "get_file",
  get_file: "file_access",
  file_access: "download",
  patch_file: "timeline",
  cancel_session: "create_session",
};

const KINDS = { integer: "integer", boolean: "flag", object: "json", array: "list" };
/** In a form these are texts that stand for something else. */
const MEANT = { isPublic: "flag", metadata: "json" };

/** Gives the `Spec` of browser/tryit/spec.ts. `operations` are all pages, to name the next one. */
export function trySpec(page, document, operations) {
  const { operationId } = page.operation;
  const after = operations.find(({ operation }) => operation.operationId === NEXT[operationId]);
  const [type, media] = Object.entries(page.operation.requestBody?.content ?? {})[0] ?? [];
  const kind = { "application/json": "json", "multipart/form-data": "form", "*/*": "file" }[type];
  const address = ADDRESSES[operationId];
  return {
    operation: operationId,
    method: page.method,
    path: page.path,
    needsKey: page.needsKey,
    isCdn: page.isCdn,
    ...(kind && { body: kind }),
    fields: [
      ...(address ? [{ name: address, place: "url", kind: "text", required: true }] : []),
      ...page.parameters
        .filter(() => !address)
        .map((each) => fieldOf(each.name, each, each.in, each.required, document)),
      ...bodyFields(kind, media, document),
    ],
    ...(after && { next: { address: after.address, title: after.title } }),
    isDangerous: page.method === "DELETE" || operationId === "delete_files",
  };
}

function bodyFields(kind, media, document) {
  if (kind !== "json" && kind !== "form") return [];
  const { properties, required = [] } = deref(media.schema, document);
  const fields = Object.entries(properties)
    .filter(([name]) => !(kind === "form" && name === "file"))
    .map(([name, schema]) => fieldOf(name, { schema }, "body", required.includes(name), document));
  return inOrder(fields);
}

function fieldOf(name, { schema, description }, place, required, document) {
  const form = (schema.oneOf ?? []).find(({ type }) => type !== "null");
  const found = deref(form ?? schema, document);
  const words = description ?? schema.description ?? found.description;
  const type = [found.type].flat().find((each) => each !== "null");
  return {
    name,
    place,
    kind: MEANT[name] ?? KINDS[type] ?? "text",
    required: Boolean(required),
    ...(found.enum && { values: found.enum }),
    ...(words && { words: words.replaceAll("\n", " ").replaceAll("`", "") }),
  };
}
