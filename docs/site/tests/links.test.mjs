import assert from "node:assert/strict";
import { test } from "node:test";
import { asMarkdown, resolveLink } from "../machine/pages.mjs";
import { nameOf } from "../machine/paths.mjs";

const page = (source, text = "") => ({ source, name: nameOf(source), address: `/docs/${nameOf(source)}`, text });
const pages = new Map(
  ["docs/guides/django.md", "docs/reference/errors.md", "docs/decisions/README.md", "ARCHITECTURE.md"].map((source) => [
    source,
    page(source),
  ]),
);
const known = new Map([...pages.values()].map(({ address }) => [address, new Set(["codes"])]));
known.set("/docs/api/whoami", new Set());
const resolve = (href, source = "docs/guides/django.md") => {
  const { page: _, ...found } = resolveLink(href, source, pages, known);
  return found;
};

test("names of pages", () => {
  const names = ["docs/guides/django.md", "docs/decisions/README.md", "ARCHITECTURE.md", "docs/start.md"].map(nameOf);
  assert.deepEqual(names, ["guides/django", "decisions", "architecture", "start"]);
});

test("links to pages are their addresses", () => {
  assert.deepEqual(resolve("../reference/errors.md"), { address: "/docs/reference/errors" });
  assert.deepEqual(resolve("../reference/errors.md#codes"), { address: "/docs/reference/errors#codes" });
  assert.deepEqual(resolve("#codes"), { address: "/docs/guides/django#codes" });
  assert.deepEqual(resolve("../decisions/"), { address: "/docs/decisions" });
  assert.deepEqual(resolve("docs/decisions/README.md", "ARCHITECTURE.md"), { address: "/docs/decisions" });
  assert.deepEqual(resolve("/docs/api/whoami"), { address: "/docs/api/whoami" });
});

test("other files of the repository are known by their path, other hosts by their address", () => {
  assert.deepEqual(resolve("../../LICENSE"), { file: "LICENSE", folder: false });
  assert.deepEqual(resolve("../../examples/django"), { file: "examples/django", folder: true });
  assert.deepEqual(resolve("https://example.com/a.md"), { address: "https://example.com/a.md", outside: true });
});

test("what is not there is a problem", () => {
  for (const href of [
    "../reference/absent.md",
    "../reference/errors.md#absent",
    "#absent",
    "/docs/api/absent",
    "../../../../etc/passwd",
  ]) {
    assert.ok(resolve(href).problem, href);
  }
});

test("the Markdown of a page leads to the Markdown of others and to pictures, and code is left alone", () => {
  const asset = (file) => ({ src: `/assets/${file}` });
  const text =
    "# D\n\n<!-- not run: no -->\n<!-- check\ntest 1 = 1\n\n-->\nSee [errors](../reference/errors.md#codes), [licence](../../LICENSE).\n\n![inbox](../images/inbox.png)\n\n```md\n[a](../reference/errors.md)\n<!-- kept -->\n```\n";
  assert.equal(
    asMarkdown(page("docs/guides/django.md", text), { pages, known, asset }),
    "# D\n\nSee [errors](/docs/reference/errors.md#codes), [licence](LICENSE).\n\n![inbox](/assets/docs/images/inbox.png)\n\n```md\n[a](../reference/errors.md)\n<!-- kept -->\n```\n",
  );
});
