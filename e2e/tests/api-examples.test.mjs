// api/examples.json is what the server answers today, and the samples of the documentation run as they are shown.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { file, makeExamples, operationsOf, readDocument } from "../api-examples.mjs";
import { playSamples } from "../samples.mjs";

const scripts = resolve(import.meta.dirname, "../../scripts");
/** Operations that the SDKs do not have: they are for browsers, proxies and people. */
const NOT_IN_SDKS = ["download", "healthz", "openapi_json", "preflight_download", "preflight_upload", "readyz"];

test("the committed examples are those of this server", async () => {
  const committed = JSON.parse(await readFile(file, "utf8"));
  assert.deepEqual(committed, await makeExamples(), "stale: `make examples` writes them anew");
});

test("every curl line runs", async () => {
  const played = new Set(await playSamples("curl"));
  assert.deepEqual([...played].sort(), [...operationsOf(await readDocument()).keys()].sort());
});

test("every call of the Python SDK runs", async () => {
  const venv = (await promisify(execFile)(join(scripts, "sdk-python-venv"))).stdout.trim();
  await checkSdk(await playSamples("python", join(venv, "bin/python")));
});

test("every call of the Node SDK runs", async () => {
  await promisify(execFile)(join(scripts, "build-sdk-js"));
  await checkSdk(await playSamples("typescript"));
});

async function checkSdk(played) {
  const all = [...operationsOf(await readDocument()).keys()];
  assert.deepEqual([...new Set(played)].sort(), all.filter((id) => !NOT_IN_SDKS.includes(id)).sort());
}
