// What the documentation shows is so: every block of every page is run, compared or parsed (see e2e/README.md).

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { before, test } from "node:test";
import { promisify } from "node:util";
import { blocksOf } from "../blocks.mjs";
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
const pages = found.filter((path) => path.endsWith(".md") && !path.startsWith("decisions/") && !path.includes("node_modules/")).sort();
const wanted = pages.filter((path) => path.includes(process.env.PAGE ?? ""));

test("there are pages", () => assert.ok(wanted.length >= (process.env.PAGE ? 1 : 15), wanted.join()));

test("every block of every page", { concurrency: 2 }, async (all) => {
  await Promise.all(wanted.map((path) => all.test(`docs/${path}`, () => check(join(root, "docs", path)))));
});

async function check(page) {
  const name = relative(root, page);
  try {
    const blocks = blocksOf(await readFile(page, "utf8"));
    for (const { kind, language, code, path, line } of blocks) {
      if (kind === "example") assert.equal(code, await readFile(join(root, path), "utf8"), `line ${line}: ${path} is different`);
      if (kind === "data") {
        try {
          parse(language, code, join(venv, "bin/python"));
        } catch (error) {
          throw new Error(`line ${line}: ${error.message}`);
        }
      }
    }
    await play(blocks, venv);
  } catch (error) {
    error.message = `${name}: ${error.message}`;
    throw error;
  }
}
