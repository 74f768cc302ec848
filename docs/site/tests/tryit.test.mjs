import assert from "node:assert/strict";
import { test } from "node:test";
import { readOperations } from "../machine/api/operations.mjs";
import { trySpec } from "../machine/api/tryit.mjs";
import { load } from "./helpers.mjs";

const { assemble, addressOf, Unfit } = await load("browser/tryit/request.ts");
const { keep, kept, learn } = await load("browser/tryit/kept.ts");
const { document, groups } = readOperations(assert.fail);
const operations = groups.flatMap(({ pages }) => pages);
const spec = (id) =>
  trySpec(
    operations.find(({ operation }) => operation.operationId === id),
    document,
    operations,
  );
const file = new File(["abc"], "a.txt", { type: "text/plain" });

test("every operation can be asked for what it requires", () => {
  for (const page of operations) {
    const { fields, body } = trySpec(page, document, operations);
    for (const { name, required } of page.parameters.filter(() => !page.isCdn)) {
      assert.ok(
        fields.some((field) => field.name === name && field.required === Boolean(required)),
        `${page.name} ${name}`,
      );
    }
    if (page.operation.requestBody) assert.ok(body, page.name);
  }
});

test("the steps of an upload lead to each other", () => {
  const walk = [];
  for (let id = "create_session"; id; id = spec(id).next?.address.split("/").pop()) walk.push(id);
  assert.deepEqual(walk, [
    "create_session",
    "put_upload",
    "complete_session",
    "get_session",
    "file_access",
    "download",
  ]);
});

test("fields become a body of their types", () => {
  const values = {
    projectId: "p",
    filename: "a.txt",
    contentType: "text/plain",
    size: "3",
    isPublic: "false",
    metadata: '{"a":"b"}',
    "Idempotency-Key": " k ",
  };
  const sent = assemble(spec("create_session"), values, undefined);
  assert.deepEqual(sent.body, {
    projectId: "p",
    filename: "a.txt",
    contentType: "text/plain",
    size: 3,
    metadata: { a: "b" },
    isPublic: false,
  });
  assert.deepEqual(sent.headers, { "Idempotency-Key": "k" });
  assert.deepEqual(assemble(spec("delete_files"), { fileIds: "a\nb, c" }).body, { fileIds: ["a", "b", "c"] });
});

test("an object of a query is a parameter for each of its texts", () => {
  assert.deepEqual(assemble(spec("list_files"), { metadata: '{"album":"a b"}', limit: "5" }).query, {
    "metadata[album]": "a b",
    limit: "5",
  });
  assert.throws(() => assemble(spec("list_files"), { metadata: "album" }), Unfit);
});

test("a missing field, a missing file and bad JSON are named; a draft leaves them out", () => {
  const wrong = (id, values, field) =>
    assert.throws(
      () => assemble(spec(id), values),
      (error) => error instanceof Unfit && error.field === field,
    );
  wrong("get_file", {}, "fileId");
  wrong("put_upload", { uploadUrl: "http://cdn/x" }, "file");
  wrong("upload_direct", { projectId: "p" }, "file");
  const values = { projectId: "p", filename: "a", contentType: "b", size: "1", metadata: "{" };
  wrong("create_session", values, "metadata");
  wrong("complete_session", { uploadId: "u", "Idempotency-Key": "schön" }, "Idempotency-Key");
  assert.deepEqual(assemble(spec("get_file"), {}, undefined, true).pathParameters, {});
});

test("the address is this server's, or the one that the server gave", () => {
  globalThis.location = { origin: "http://here" };
  assert.equal(
    addressOf(assemble(spec("file_access"), { fileId: "f/1", variant: "thumb_64" })),
    "http://here/api/v1/files/f%2F1/access?variant=thumb_64",
  );
  const put = assemble(spec("put_upload"), { uploadUrl: "http://cdn/v1/upload/t" }, file);
  assert.equal(addressOf(put), "http://cdn/v1/upload/t");
  assert.deepEqual(put.file, { name: "a.txt", type: "text/plain", size: 3 });
});

test("answers tell what the next call needs, and nothing else is forgotten", () => {
  keep({ key: "ru_1", projectId: "p" });
  learn({ uploadId: "u", fileId: "f", uploadUrl: "http://cdn/x", expiresIn: 3600 });
  learn({ access: { url: "http://cdn/file", expiresIn: 300 } });
  assert.deepEqual(kept(), {
    key: "ru_1",
    projectId: "p",
    uploadId: "u",
    fileId: "f",
    uploadUrl: "http://cdn/x",
    url: "http://cdn/file",
  });
  learn({ files: [{ uploadId: "u2", fileId: "f2" }] });
  learn({ projects: [{ id: "other" }] });
  assert.deepEqual([kept().uploadId, kept().fileId, kept().projectId], ["u2", "f2", "p"]);
  learn({ files: [{ id: "f3" }] });
  assert.equal(kept().fileId, "f3");
});
