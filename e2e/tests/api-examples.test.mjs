// api/examples.json is what the server answers today, and the samples of the documentation run as they are shown.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { file, makeExamples } from "../api-examples.mjs";

test("the committed examples are those of this server", async () => {
  const committed = JSON.parse(await readFile(file, "utf8"));
  assert.deepEqual(committed, await makeExamples(), "stale: `make examples` writes them anew");
});
