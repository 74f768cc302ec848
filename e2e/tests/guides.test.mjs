// What the documentation shows is so: every block of every page is run, compared or parsed (see e2e/README.md).

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { before, test } from "node:test";
import { promisify } from "node:util";
import { blocksOf, inClone } from "../blocks.mjs";
import { play } from "../play.mjs";
import { parse } from "../syntax.mjs";

const root = resolve(import.meta.dirname, "../..");
const execute = promisify(execFile);
let venv;

before(async () => {
  await execute(join(root, "scripts/build-sdk-js"));
  venv = (await execute(join(root, "scripts/sdk-python-venv"))).stdout.trim();
});

const found = await readdir(join(root, "docs"), { recursive: true });
// Decisions are history, and `site/` makes the pages.
const docs = found.filter((path) => path.endsWith(".md") && !/^(decisions|site)\//.test(path)).sort();
const pages = ["README.md", ...docs.map((path) => join("docs", path))];
const wanted = pages.filter((path) => path.includes(process.env.PAGE ?? ""));

test("there are pages", () => assert.ok(wanted.length >= (process.env.PAGE ? 1 : 15), wanted.join()));

test("every block of every page", { concurrency: 2 }, async (all) => {
  await Promise.all(wanted.map((path) => all.test(path, () => check(join(root, path)))));
});

async function check(page) {
  const name = relative(root, page);
  try {
    const text = await readFile(page, "utf8");
    const blocks = blocksOf(text);
    for (const { kind, language, code, source, line } of blocks) {
      if (source) assert.equal(code, await readFile(join(root, source), "utf8"), `line ${line}: ${source} is different`);
      if (kind === "data") {
        try {
          parse(language, code, join(venv, "bin/python"));
        } catch (error) {
          throw new Error(`line ${line}: ${error.message}`);
        }
      }
    }
    await play(blocks, venv, inClone(text));
  } catch (error) {
    error.message = `${name}: ${error.message}`;
    throw error;
  }
}
