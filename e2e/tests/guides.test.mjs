// The guides say what the examples do: each block that is headed by the name of a file is that file.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { test } from "node:test";

const root = resolve(import.meta.dirname, "../..");

for (const [guide, example] of [["docs/guides/next-node.md", "examples/next-node"]]) {
  test(`the blocks of ${guide} are the files of ${example}`, async () => {
    const text = await readFile(join(root, guide), "utf8");
    const blocks = [...text.matchAll(/^`([^`\n]+)`:\n\n```\w+\n([\s\S]*?)^```$/gm)];
    assert.ok(blocks.length >= 4, `${blocks.length} blocks with a file's name`);
    for (const [, path, block] of blocks) assert.equal(block, await readFile(join(root, example, path), "utf8"), path);
  });
}
