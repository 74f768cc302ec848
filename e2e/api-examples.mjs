// Runs every operation of api/openapi.json once against the real server and writes what was sent and answered to api/examples.json, from
// which the documentation has its examples: `node e2e/api-examples.mjs`. A test runs it again and compares.

import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Reupload } from "./harness.mjs";
import { Normalizer } from "./normalize.mjs";

const root = resolve(import.meta.dirname, "..");
export const file = join(root, "api/examples.json");

/** Headers of answers that are worth showing. The length of JSON changes with its times and ports. */
const SHOWN = /^(content-(type|disposition)|etag|accept-ranges|cache-control|access-control-.*)$/;
const ORIGIN = "http://localhost:3000";

export const readDocument = async () => JSON.parse(await readFile(join(root, "api/openapi.json"), "utf8"));

/** Gives `{operationId: {request, response}}` in the order of the document. */
export async function makeExamples() {
  const server = await Reupload.start();
  try {
    const run = new Run(server, await readDocument());
    await story(run);
    return run.examples();
  } finally {
    await server.stop();
  }
}

/** Calls operations and remembers what was sent and answered. */
export class Run {
  #server;
  #operations;
  #made = new Map();

  constructor(server, document) {
    this.#server = server;
    this.#operations = operationsOf(document);
    this.project = server.project;
  }

  /**
   * Calls an operation and keeps it as its example. `address` is the whole URL where the server gave one; `form` is `{fields, files}`, `bytes` is
   * `{name, type, data}`.
   */
  async call(operationId, { path = {}, query = {}, headers = {}, body, form, bytes, address } = {}) {
    const operation = this.#operations.get(operationId);
    const filled = operation.path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(path[name]));
    const url = new URL(address ?? this.#server.apiOrigin + filled);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const response = await fetch(url, {
      method: operation.method,
      headers: {
        ...(operation.key && { authorization: `Bearer ${this.#server.key}` }),
        ...(body && { "content-type": "application/json" }),
        ...(bytes && { "content-type": bytes.type }),
        ...headers,
      },
      body: body ? JSON.stringify(body) : form ? multipart(form) : bytes?.data,
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${operationId}: ${response.status} ${text}`);
    const json = response.headers.get("content-type") === "application/json";
    const answer = json ? JSON.parse(text) : text;
    this.cdn ??= answer.uploadUrl && new URL(answer.uploadUrl).origin;
    // The first call is the example; others are steps to another's.
    if (this.#made.has(operationId)) return answer;
    this.#made.set(operationId, {
      request: sentOf(operation, { path, query, headers, body, form, bytes, address }),
      response: {
        status: response.status,
        headers: Object.fromEntries([...response.headers].filter(([name]) => SHOWN.test(name))),
        body: answer,
      },
    });
    return answer;
  }

  /** Shows only this of an answer that is too long. */
  shorten(operationId, body) {
    this.#made.get(operationId).response.body = body;
  }

  completed(uploadId) {
    return this.#server.completed(uploadId);
  }

  examples() {
    const missing = [...this.#operations.keys()].filter((id) => !this.#made.has(id));
    if (missing.length) throw new Error(`These operations have no example: ${missing.join(", ")}. Call them in story().`);
    const normal = new Normalizer({ [this.#server.apiOrigin]: "http://127.0.0.1:4000", [this.cdn]: "http://127.0.0.1:4001" });
    const ordered = [...this.#operations.keys()].map((id) => [id, this.#made.get(id)]);
    return normal.value(JSON.parse(JSON.stringify(Object.fromEntries(ordered))));
  }
}

/** The request as docs/site/shared/samples.js shows it. */
export const sentOf = (operation, { path, query, headers, body, form, bytes, address }) => ({
  method: operation.method,
  path: operation.path,
  ...(address ? { url: address } : { pathParameters: path }),
  query,
  headers,
  body,
  form: form && { fields: form.fields, files: form.files.map(describe) },
  file: bytes && describe(bytes),
});

const describe = ({ name, type, data }) => ({ name, type, size: data.length });

function multipart({ fields, files }) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const { name, type, data } of files) form.append("file", new File([data], name, { type }));
  return form;
}

/** Whether an operation takes a key, its method and its path. */
export const operationsOf = (document) =>
  new Map(
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, { operationId }]) => operationId)
        .map(([method, { operationId, security }]) => [operationId, { path, method: method.toUpperCase(), key: !security }]),
    ),
  );

/** A day of an application: two files come in, one each way, are looked at, changed and deleted. */
export async function story(run) {
  const photo = { name: "dunes.png", type: "image/png", data: await readFile(join(import.meta.dirname, "dunes.png")) };
  const report = { name: "report.csv", type: "text/csv", data: Buffer.from("month,uploads\nJanuary,1204\nFebruary,1377\n") };
  const projectId = run.project;

  await run.call("healthz");
  await run.call("readyz");
  await run.call("whoami");

  const declared = { projectId, filename: photo.name, contentType: photo.type, size: photo.data.length };
  const given = { folder: "trips/2026", metadata: { album: "desert" }, ownerRef: "user_42" };
  const session = await run.call("create_session", { body: { ...declared, ...given } });
  const preflight = { origin: ORIGIN, "access-control-request-method": "PUT", "access-control-request-headers": "content-type" };
  await run.call("preflight_upload", { address: session.uploadUrl, headers: preflight });
  await run.call("put_upload", { address: session.uploadUrl, bytes: photo });
  await run.call("complete_session", { body: { uploadId: session.uploadId } });
  await run.completed(session.uploadId);
  await run.call("get_session", { path: { uploadId: session.uploadId } });

  const form = { fields: { projectId, folder: "reports", isPublic: "true" }, files: [report] };
  const direct = await run.call("upload_direct", { form, headers: { "idempotency-key": "report-2026-02" } });
  await run.completed(direct.uploadId);

  const abandoned = await run.call("create_session", { body: { ...declared, ...given } });
  await run.call("cancel_session", { path: { uploadId: abandoned.uploadId } });

  await run.call("list_files", { query: { projectId, limit: "10" } });
  await run.call("list_files", { query: { "metadata[album]": "desert", recursive: "true", folder: "trips" } });
  await run.call("get_file", { path: { fileId: session.fileId } });
  await run.call("timeline", { path: { fileId: session.fileId } });
  await run.call("usage", { query: { projectId } });
  const query = { variant: "thumb_320", expiresIn: "600" };
  await run.call("file_access", { path: { fileId: session.fileId }, query });
  const { file } = await run.call("patch_file", {
    path: { fileId: direct.fileId },
    body: { name: "report-february.csv", metadata: { quarter: "Q1" } },
  });
  await run.call("download", { address: file.publicUrl });
  await run.call("preflight_download", {
    address: file.publicUrl,
    headers: { origin: ORIGIN, "access-control-request-method": "GET" },
  });
  await run.call("list_events", { query: { projectId, limit: "1" } });

  await run.call("delete_files", { body: { fileIds: [direct.fileId] } });
  await run.call("delete_folder", { query: { projectId, folder: "trips" } });
  const again = await run.call("upload_direct", { form, headers: { "idempotency-key": "report-2026-03" } });
  await run.completed(again.uploadId);
  await run.call("delete_file", { path: { fileId: again.fileId } });

  const { openapi, info } = await run.call("openapi_json");
  run.shorten("openapi_json", { openapi, info });
}

if (process.argv[1] === import.meta.filename) {
  await writeFile(file, `${JSON.stringify(await makeExamples(), null, 2)}\n`);
}
