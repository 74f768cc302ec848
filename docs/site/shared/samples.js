// One request as curl, Python and TypeScript. The pages show examples by it when they are built, and Try it what it sends.

import { python, typescript, Verbatim } from "./literals.js";

/**
 * A request of an operation.
 * @typedef {object} Sent
 * @property {string} method
 * @property {string} path The template: `/api/v1/files/{fileId}`.
 * @property {string} [url] The whole address, where the server gave it.
 * @property {Record<string, string>} [pathParameters]
 * @property {Record<string, string>} [query]
 * @property {Record<string, string>} [headers]
 * @property {Record<string, unknown>} [body] JSON.
 * @property {{fields: Record<string, string>, files: FileOf[]}} [form]
 * @property {FileOf} [file] The body is this file.
 * @typedef {{name: string, type: string, size: number}} FileOf
 */

/** Parameters of a query that are no texts. */
const NUMBERS = new Set(["limit", "expiresIn", "wait"]);
const FLAGS = new Set(["recursive", "download"]);

/**
 * A query as the SDKs take it: figures and flags are none of text, `metadata[album]` is a part of `metadata`.
 * @param {Record<string, string>} [query] @returns {Record<string, unknown>}
 */
function typed(query = {}) {
  /** @type {Record<string, unknown>} */
  const values = {};
  for (const [name, value] of Object.entries(query)) {
    const [, whole, part] = /^(\w+)\[(.+)\]$/.exec(name) ?? [];
    if (whole && part) values[whole] = { .../** @type {object} */ (values[whole]), [part]: value };
    else values[name] = NUMBERS.has(name) ? Number(value) : FLAGS.has(name) ? value === "true" : value;
  }
  return values;
}

/** A word for a shell, quoted if it must be. @param {string} text */
const quoted = (text) => (/^[\w@=/.:+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/**
 * The request for a shell, with the variables that `reupload dev` writes. The key is never shown.
 * @param {Sent} sent @param {string} origin The API host's, for what is not below /api/v1. @param {boolean} needsKey
 */
export function curl(sent, origin, needsKey) {
  const filled = sent.path.replace(/\{(\w+)\}/g, (place, name) => {
    const value = sent.pathParameters?.[name];
    return value === undefined ? place : encodeURIComponent(value);
  });
  const query = new URLSearchParams(sent.query).toString();
  const base = filled.startsWith("/api/v1") ? `$REUPLOAD_API_BASE_URL${filled.slice(7)}` : origin + filled;
  const asked = query && `?${query}`;
  // The variable counts between double quotes alone; a whole address may be of somebody else's making.
  const words = [sent.url === undefined ? `"${base}${asked}"` : quoted(sent.url + asked)];
  if (!["GET", sent.form ? "POST" : ""].includes(sent.method)) words.unshift(`-X ${sent.method}`);
  if (sent.method === "OPTIONS") words.push("-i");
  if (needsKey) words.push('-H "Authorization: Bearer $REUPLOAD_API_KEY"');
  for (const [name, value] of Object.entries(sent.headers ?? {})) words.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (sent.body) words.push("-H 'Content-Type: application/json'", `-d ${quoted(JSON.stringify(sent.body, null, 2))}`);
  for (const [name, value] of Object.entries(sent.form?.fields ?? {}))
    words.push(`--form-string ${quoted(`${name}=${value}`)}`);
  for (const { name, type } of sent.form?.files ?? []) words.push(`-F ${quoted(`file=@${name};type=${type}`)}`);
  if (sent.file)
    words.push(`-H ${quoted(`Content-Type: ${sent.file.type}`)}`, `--data-binary ${quoted(`@${sent.file.name}`)}`);
  return `curl ${words.join(" \\\n  ")}`;
}

/**
 * The call of `reupload-sdk`; undefined where it has none.
 * @param {string} operation @param {Sent} sent
 */
export function pythonSample(operation, sent) {
  const call = PYTHON[operation]?.(sent);
  if (!call) return undefined;
  const path = call.includes("Path(") ? "from pathlib import Path\n" : "";
  if (operation === "put_upload") return `${path}from reupload.cdn import put_to_upload_url\n\n${call}`;
  return `${path}from reupload import create_reupload_from_env\n\nclient = create_reupload_from_env()\n${call}`;
}

/**
 * The call of `@reupload/sdk`; undefined where it has none.
 * @param {string} operation @param {Sent} sent
 */
export function typescriptSample(operation, sent) {
  const call = TYPESCRIPT[operation]?.(sent);
  if (!call) return undefined;
  const blob = call.includes("openAsBlob") ? 'import { openAsBlob } from "node:fs";\n' : "";
  if (operation === "put_upload") return `${blob}import { putToUploadUrl } from "@reupload/sdk";\n\n${call}`;
  return `${blob}import { createReuploadFromEnv } from "@reupload/sdk";\n\nconst reupload = createReuploadFromEnv();\n${call}`;
}

const text = (/** @type {unknown} */ value) => JSON.stringify(value ?? "");
/** The id of a path; its name in braces as long as it is not known. */
const id = (/** @type {Sent} */ sent) =>
  text(Object.values(sent.pathParameters ?? {})[0] ?? /\{\w+\}/.exec(sent.path)?.[0]);
const key = (/** @type {Sent} */ sent) =>
  Object.entries(sent.headers ?? {}).find(([name]) => name.toLowerCase() === "idempotency-key")?.[1];

/** `f(a, b)`, without the words that are empty. @param {string} name @param {(string | false | undefined)[]} words */
const called = (name, ...words) => `${name}(${words.filter(Boolean).join(", ")})`;

const pythonKey = (/** @type {Sent} */ sent) => key(sent) && `idempotency_key=${text(key(sent))}`;
const typescriptKey = (/** @type {Sent} */ sent) => key(sent) && typescript({ idempotencyKey: key(sent) });

/** Words of a call by name, from parameters of a query. @param {Record<string, unknown>} values */
const named = (values) =>
  Object.entries(values).map(
    ([name, value]) => `${name.replace(/[A-Z]/g, (big) => `_${big.toLowerCase()}`)}=${python(value)}`,
  );

/** The fields of a form as the SDKs take them, with its files. @param {Sent} sent @param {(file: FileOf) => unknown} data */
function direct(sent, data) {
  const { fields = {}, files = [] } = sent.form ?? {};
  const { isPublic, metadata, ...rest } = fields;
  return {
    ...(files.length === 1 && files[0] ? { file: data(files[0]) } : { files: files.map(data) }),
    ...rest,
    ...(isPublic && { isPublic: isPublic.trim().toLowerCase() === "true" }),
    ...(metadata && { metadata: JSON.parse(metadata) }),
  };
}

const pythonFile = (/** @type {FileOf} */ file) => ({
  data: new Verbatim(`Path(${text(file.name)})`),
  contentType: file.type,
});
const typescriptFile = (/** @type {FileOf} */ file) => ({
  data: new Verbatim(`await openAsBlob(${text(file.name)})`),
  filename: file.name,
  contentType: file.type,
});

const isBatch = (/** @type {Sent} */ sent) => (sent.form?.files.length ?? 0) > 1;

/** @type {Record<string, (sent: Sent) => string>} */
const PYTHON = {
  whoami: () => "print(client.whoami())",
  create_session: (sent) => `session = ${called("client.uploads.create_session", python(sent.body), pythonKey(sent))}`,
  put_upload: (sent) =>
    `put_to_upload_url(\n    ${text(sent.url)},\n    Path(${text(sent.file?.name)}),\n    ${text(sent.file?.type)},\n)`,
  complete_session: (sent) => `accepted = ${called("client.uploads.complete", python(sent.body), pythonKey(sent))}`,
  get_session: (sent) => `state = client.uploads.get_session(${id(sent)})`,
  cancel_session: (sent) => `client.uploads.cancel_session(${id(sent)})`,
  upload_direct: (sent) =>
    `accepted = ${called(`client.uploads.upload_direct${isBatch(sent) ? "_batch" : ""}`, python(direct(sent, pythonFile)), pythonKey(sent))}`,
  list_files: ({ query }) => {
    const { cursor, ...rest } = typed(query);
    return `for file in ${called("client.files.list", ...named(rest))}:\n    print(file["name"])`;
  },
  get_file: (sent) => `file = client.files.get(${id(sent)})["file"]`,
  file_access: (sent) =>
    `access = ${called("client.files.access", id(sent), Object.keys(sent.query ?? {}).length > 0 && python(typed(sent.query)))}["access"]`,
  timeline: (sent) => `entries = client.files.timeline(${id(sent)})["entries"]`,
  patch_file: (sent) => `file = ${called("client.files.update", id(sent), python(sent.body))}["file"]`,
  delete_file: (sent) => `client.files.delete(${id(sent)})`,
  delete_files: (sent) => `gone = ${called("client.files.delete_many", python(sent.body?.fileIds), pythonKey(sent))}`,
  delete_folder: ({ query = {} }) =>
    `gone = client.files.delete_folder(${text(query.folder)}, ${text(query.projectId)})`,
  usage: ({ query }) => `usage = ${called("client.usage", ...named(typed(query)))}`,
  list_events: ({ query }) => {
    const { after, wait, ...rest } = typed(query);
    const words = [after !== undefined && text(after), ...named(rest)];
    return wait
      ? `page = ${called("client.events.wait", ...words, `seconds=${wait}`)}`
      : `for event in ${called("client.events.list", ...words)}:\n    print(event["type"])`;
  },
};

/** @type {Record<string, (sent: Sent) => string>} */
const TYPESCRIPT = {
  whoami: () => "console.log(await reupload.whoami());",
  create_session: (sent) =>
    `const session = await ${called("reupload.uploads.createSession", typescript(sent.body), typescriptKey(sent))};`,
  put_upload: (sent) =>
    `await putToUploadUrl(\n  ${text(sent.url)},\n  await openAsBlob(${text(sent.file?.name)}),\n  ${text(sent.file?.type)},\n);`,
  complete_session: (sent) =>
    `const accepted = await ${called("reupload.uploads.complete", typescript(sent.body), typescriptKey(sent))};`,
  get_session: (sent) => `const { session, file } = await reupload.uploads.getSession(${id(sent)});`,
  cancel_session: (sent) => `await reupload.uploads.cancelSession(${id(sent)});`,
  upload_direct: (sent) =>
    `const accepted = await ${called(`reupload.uploads.uploadDirect${isBatch(sent) ? "Batch" : ""}`, typescript(direct(sent, typescriptFile)), typescriptKey(sent))};`,
  list_files: ({ query }) => {
    const { cursor, ...rest } = typed(query);
    return `for await (const file of ${called("reupload.files.list", typescript(rest))}) {\n  console.log(file.name);\n}`;
  },
  get_file: (sent) => `const { file } = await reupload.files.get(${id(sent)});`,
  file_access: (sent) => {
    const query = Object.keys(sent.query ?? {}).length > 0 && typescript(typed(sent.query));
    return `const { access } = await ${called("reupload.files.access", id(sent), query)};`;
  },
  timeline: (sent) => `const { entries } = await reupload.files.timeline(${id(sent)});`,
  patch_file: (sent) => `const { file } = await ${called("reupload.files.update", id(sent), typescript(sent.body))};`,
  delete_file: (sent) => `await reupload.files.delete(${id(sent)});`,
  delete_files: (sent) =>
    `const gone = await ${called("reupload.files.deleteMany", typescript(sent.body?.fileIds), typescriptKey(sent))};`,
  delete_folder: ({ query = {} }) =>
    `const gone = await reupload.files.deleteFolder(${text(query.folder)}, ${text(query.projectId)});`,
  usage: ({ query }) => `const usage = await ${called("reupload.usage", typescript(typed(query)))};`,
  list_events: ({ query }) => {
    const { wait, ...rest } = typed(query);
    return wait
      ? `const page = await reupload.events.wait(${typescript({ ...rest, waitSeconds: wait })});`
      : `for await (const event of ${called("reupload.events.list", typescript(rest))}) {\n  console.log(event.type);\n}`;
  },
};
