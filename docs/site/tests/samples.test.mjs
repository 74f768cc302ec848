import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { python, typescript } from "../shared/literals.js";
import { curl, pythonSample, typescriptSample } from "../shared/samples.js";

const nasty = 'it\'s $HOME `id` "q" \\ \n é.txt';
const session = { method: "POST", path: "/api/v1/uploads/session", body: { filename: nasty, size: 3, isPublic: true } };

/** The words that a shell gives to curl. */
function words(command) {
  const script = `curl() { printf '%s\\0' "$@"; }\n${command}`;
  const env = { ...process.env, REUPLOAD_API_BASE_URL: "http://api/api/v1", REUPLOAD_API_KEY: "ru_1" };
  return execFileSync("bash", ["-c", script], { env, encoding: "utf8" }).split("\0").slice(0, -1);
}

test("a shell hands every value to curl as it is", () => {
  const given = words(curl(session, "http://api", true));
  assert.deepEqual(given.slice(0, 5), [
    "-X",
    "POST",
    "http://api/api/v1/uploads/session",
    "-H",
    "Authorization: Bearer ru_1",
  ]);
  assert.deepEqual(JSON.parse(given.at(-1)), session.body);
});

test("a form's texts are no files, whatever they begin with", () => {
  const form = { fields: { folder: "@etc/passwd" }, files: [{ name: "a b.txt", type: "text/plain", size: 1 }] };
  const given = words(curl({ method: "POST", path: "/api/v1/uploads/direct", form }, "http://api", true));
  assert.deepEqual(given.slice(-4), ["--form-string", "folder=@etc/passwd", "-F", "file=@a b.txt;type=text/plain"]);
});

test("queries and paths are escaped", () => {
  const sent = {
    method: "GET",
    path: "/api/v1/files/{fileId}",
    pathParameters: { fileId: "a/b" },
    query: { folder: "x y&z" },
  };
  assert.deepEqual(words(curl(sent, "http://api", false)), ["http://api/api/v1/files/a%2Fb?folder=x+y%26z"]);
});

test("an address of somebody else's making is no command", () => {
  const url = "http://cdn/$(touch /tmp/x)`id`?a='1'&b=\"2\"";
  assert.deepEqual(words(curl({ method: "GET", path: "", url }, "", false)), [url]);
});

test("what is not known yet stands there by its name", () => {
  const sent = { method: "GET", path: "/api/v1/files/{fileId}", pathParameters: {} };
  assert.match(curl(sent, "", true), /files\/\{fileId\}"/);
  assert.match(pythonSample("get_file", sent), /get\("\{fileId\}"\)/);
  assert.match(typescriptSample("get_file", sent), /get\("\{fileId\}"\)/);
});

test("the key is never shown", () => {
  for (const text of [
    curl(session, "", true),
    pythonSample("create_session", session),
    typescriptSample("create_session", session),
  ]) {
    assert.doesNotMatch(text, /ru_[0-9A-Za-z]{10}/);
  }
});

test("literals are those of their language", () => {
  const value = { a: true, "b-c": null, list: [1, "x"], empty: {}, none: undefined };
  assert.equal(python(value), '{"a": True, "b-c": None, "list": [1, "x"], "empty": {}}');
  assert.equal(typescript(value), '{ a: true, "b-c": null, list: [1, "x"], empty: {} }');
  const back = execFileSync("python3", ["-c", `import json; print(json.dumps(${python(session.body)}))`], {
    encoding: "utf8",
  });
  assert.deepEqual(JSON.parse(back), session.body);
  assert.deepEqual(new Function(`return ${typescript(session.body)}`)(), session.body);
});

test("parts of an object in a query are put together again", () => {
  const sent = {
    method: "GET",
    path: "/api/v1/files",
    query: { "metadata[a]": "1", "metadata[b]": "x", recursive: "true", limit: "5" },
  };
  assert.match(pythonSample("list_files", sent), /list\(metadata={"a": "1", "b": "x"}, recursive=True, limit=5\)/);
  assert.match(
    typescriptSample("list_files", sent),
    /list\({ metadata: { a: "1", b: "x" }, recursive: true, limit: 5 }\)/,
  );
});

test("several files go as a batch, and texts of a form as their types", () => {
  const file = { name: "a.txt", type: "text/plain", size: 1 };
  const form = { fields: { isPublic: "TRUE", metadata: '{"a":"b"}' }, files: [file, file] };
  const sent = { method: "POST", path: "/api/v1/uploads/direct", form };
  assert.match(
    pythonSample("upload_direct", sent),
    /upload_direct_batch\({[\s\S]*"isPublic": True,\s+"metadata": {"a": "b"}/,
  );
  assert.match(
    typescriptSample("upload_direct", sent),
    /uploadDirectBatch\({[\s\S]*isPublic: true,\s+metadata: { a: "b" }/,
  );
});
