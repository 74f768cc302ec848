// The whole site, built into a folder of the test, as a browser would find it.

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { buildSite } from "../build.mjs";
import { ONLY, readCodes } from "../machine/api/codes.mjs";
import { readNav, sourcesOfPages } from "../machine/pages.mjs";
import { nameOf, root } from "../machine/paths.mjs";
import { load } from "./helpers.mjs";

const out = mkdtempSync(join(tmpdir(), "reupload-docs-"));
const pages = new Map();
let problems;

before(async () => {
  problems = await buildSite(out);
  for (const file of readdirSync(out, { recursive: true })) {
    if (file.endsWith(".html")) pages.set(file, readFileSync(join(out, file), "utf8"));
  }
});
after(() => rmSync(out, { recursive: true }));

/** The file that the server shows at an address. */
const fileAt = (path) => {
  const name = path.replace(/^\/docs\/?/, "") || "index";
  return [name, `${name}.html`].find((file) => /\.\w+$/.test(file) && existsSync(join(out, file)));
};

test("nothing is wrong with any page, and each is in the menu", () => {
  assert.deepEqual(problems, []);
});

test("every page of docs/ and every operation has an HTML and a Markdown file", () => {
  const { paths } = JSON.parse(readFileSync(join(root, "api/openapi.json"), "utf8"));
  const operations = Object.values(paths).flatMap((item) =>
    Object.values(item).flatMap(({ operationId }) => operationId ?? []),
  );
  const names = [...sourcesOfPages().map(nameOf), ...operations.map((id) => `api/${id}`), "api"];
  for (const name of names)
    for (const ending of ["html", "md"]) assert.ok(existsSync(join(out, `${name}.${ending}`)), `${name}.${ending}`);
  assert.equal(pages.size, names.length + 2, "and the front page, and that of what is not there");
});

test("the menu names each page once", () => {
  const entries = readNav()
    .areas.flatMap((area) => (area.groups ?? []).flatMap((group) => group.pages))
    .map((entry) => [entry].flat().at(-1));
  assert.equal(new Set(entries).size, entries.length);
});

test("every link leads to a page and, with an anchor, to something with that id", () => {
  for (const [file, html] of pages) {
    for (const [, href] of html.matchAll(/ href="([^"]*)"/g)) {
      if (/^https?:/.test(href) || href === "/" || href === "/openapi.json") continue;
      const [path, anchor] = href.split("#");
      const target = path ? fileAt(path) : file;
      assert.ok(target, `${file}: ${href}`);
      if (anchor)
        assert.ok((pages.get(target) ?? "").includes(` id="${decodeURIComponent(anchor)}"`), `${file}: ${href}`);
    }
    for (const [, src] of html.matchAll(/ (?:src|data-search|content)="(\/docs\/[^"]*)"/g))
      assert.ok(fileAt(src), `${file}: ${src}`);
  }
});

test("no page has a script or a style of its own, or loads from another host", () => {
  for (const [file, html] of pages) {
    assert.doesNotMatch(html, /<script(?![^>]* src=)|<style| style=| on\w+="/, file);
    assert.doesNotMatch(html, /<(script|link|img)[^>]*(src|href)="https?:/, file);
  }
});

test("ids are there once", () => {
  for (const [file, html] of pages) {
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    assert.equal(new Set(ids).size, ids.length, `${file}: ${ids.filter((id, place) => ids.indexOf(id) !== place)}`);
  }
});

test("llms.txt names every page's Markdown, and llms-full.txt has them whole", () => {
  const list = readFileSync(join(out, "llms.txt"), "utf8");
  const whole = readFileSync(join(out, "llms-full.txt"), "utf8");
  const linked = [...list.matchAll(/\]\(\/docs\/([^)]+)\)/g)].map(([, file]) => file);
  for (const file of pages.keys())
    if (!["index.html", "404.html"].includes(file)) assert.ok(linked.includes(file.replace(/html$/, "md")), file);
  assert.ok(linked.includes("llms-full.txt"));
  for (const file of linked) assert.ok(whole.includes(readFileSync(join(out, file), "utf8").trim()), file);
});

test("an operation tells the same fields in HTML and in Markdown, those of a sum of schemas too", () => {
  const operations = [...pages.keys()].filter((file) => file.startsWith("api/"));
  assert.ok(operations.length > 15);
  for (const file of operations) {
    const markdown = readFileSync(join(out, file.replace(/html$/, "md")), "utf8");
    const shown = [...pages.get(file).matchAll(/<div class="field"><code>([^<]+)<\/code>/g)].map(([, name]) => name);
    const told = [...markdown.matchAll(/^ *- `([^`]+)` \(/gm)].map(([, name]) => name);
    assert.deepEqual(told.sort(), shown.sort(), file);
  }
  assert.match(readFileSync(join(out, "api/usage.md"), "utf8"), /`projects`[^\n]*\n(?: {4}- .*\n)* {4}- `storedBytes`/);
  assert.match(
    readFileSync(join(out, "api/create_session.md"), "utf8"),
    /`filename` \(text, required, at most `512` characters\)/,
  );
});

test("a line that is wrapped in a description goes on in its paragraph", () => {
  assert.match(pages.get("api/upload_direct.html"), /wait for the\s<code>file\.uploaded<\/code> webhook/);
});

test("the search shows the right page first", async () => {
  const [file] = readdirSync(join(out, "assets")).filter((name) => name.startsWith("search-"));
  const { find, readIndex } = await load("browser/ranking.ts");
  const index = await readIndex(readFileSync(join(out, "assets", file), "utf8"));
  for (const [words, address] of Object.entries(FIRST))
    assert.equal(find(index, words)[0]?.id.replace(/^\/docs\//, ""), address, words);
  assert.deepEqual(find(index, "qqqqq"), []);
});

/** What is searched for, and what comes first. */
const FIRST = {
  413: "reference/errors#FILE_TOO_LARGE",
  backup: "self-hosting/backups",
  CORS: "guides/client-side-uploads#let-your-pages-in-cors",
  create_session: "api/create_session",
  "delete file": "api/delete_file",
  "django settings": "guides/django#1-make-the-project",
  "fencing numbers": "decisions/0006-leases-and-fencing#decision",
  "forgot password": "reference/accounts#wrong-passwords",
  IDEMPOTENCY_CONFLICT: "reference/errors#IDEMPOTENCY_CONFLICT",
  "uploads.max_file_size": "reference/configuration#uploadsmax_file_size",
  "how to rotate the secret?": "guides/webhooks#rotate-the-secret",
  nginx: "self-hosting/proxy#nginx",
  quota: "guides/limits-and-quotas",
  "rate limit": "guides/limits-and-quotas#rates",
  "signed url expire": "guides/files-and-access#private-files-signed-addresses",
  thumbnail: "guides/files-and-access#thumbnails",
  "trying again": "reference/errors#trying-again",
  virus: "reference/scanning",
  webhook: "guides/webhooks",
  "webhook signature": "guides/webhooks#check-the-signature",
};

test("the codes that belong to some operations are codes, and operations", () => {
  const codes = readCodes();
  assert.ok(codes.size > 20);
  for (const [code, operations] of Object.entries(ONLY)) {
    assert.ok(codes.has(code), code);
    for (const id of operations) assert.ok(pages.has(`api/${id}.html`), id);
  }
});

test("pages lead to their source, and to other files of the repository, where the build is told where that is", async () => {
  assert.doesNotMatch(pages.get("start.html"), /Edit this page/);
  process.env.REUPLOAD_DOCS_EDIT_URL = "https://code.example.com/edit/main/";
  process.env.REUPLOAD_DOCS_SOURCE_URL = "https://code.example.com/blob/main";
  const told = mkdtempSync(join(tmpdir(), "reupload-docs-"));
  try {
    await buildSite(told);
    const read = (file) => readFileSync(join(told, file), "utf8");
    assert.match(read("start.html"), /href="https:\/\/code\.example\.com\/edit\/main\/docs\/start\.md"/);
    assert.match(read("changelog.html"), /href="https:\/\/code\.example\.com\/edit\/main\/CHANGELOG\.md"/);
    assert.match(read("guides/next-node.html"), /href="https:\/\/code\.example\.com\/blob\/main\/examples\/next-node/);
    assert.doesNotMatch(read("api/whoami.html"), /Edit this page/);
  } finally {
    delete process.env.REUPLOAD_DOCS_EDIT_URL;
    delete process.env.REUPLOAD_DOCS_SOURCE_URL;
    rmSync(told, { recursive: true });
  }
});
