// Builds the site into dist/: `node build.mjs [--out FOLDER] [--draft]`. Whatever is wrong with a page is said, and ends it with status 1;
// `--draft` goes on without what is wrong, and compresses nothing.
//
// REUPLOAD_DOCS_EDIT_URL, such as https://code.example.com/reupload/edit/main, gives each page a link to its source;
// REUPLOAD_DOCS_SOURCE_URL, such as https://code.example.com/reupload/blob/main, leads to files of the repository that are no pages.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { Assets } from "./machine/assets.mjs";
import { compress } from "./machine/compress.mjs";
import { html, raw } from "./machine/html.mjs";
import { landing, SUMMARY } from "./machine/landing.mjs";
import { document } from "./machine/layout.mjs";
import { llmsFull, llmsTxt } from "./machine/llms.mjs";
import { placePages } from "./machine/nav.mjs";
import { asMarkdown, readNav, readPages, renderPage, sourcesOfPages } from "./machine/pages.mjs";
import { base, dist, site } from "./machine/paths.mjs";
import { searchIndex, sectionsOf } from "./machine/search.mjs";

/** Gives the problems that were found, as sentences. */
export async function buildSite(out) {
  const problems = [];
  const complain = (source, problem) => problems.push(`${source}: ${problem}`);
  rmSync(out, { recursive: true, force: true });
  const write = (name, text) => {
    const path = join(out, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };

  const nav = readNav();
  const pages = readPages(sourcesOfPages(), complain);
  const areas = placePages(nav, pages, complain);
  for (const area of areas) area.address = area.groups[0]?.pages[0]?.address ?? base;
  const known = new Map([...pages.values()].map((page) => [page.address, new Set(page.headings.map(({ id }) => id))]));
  known.set(base, new Set());

  const assets = new Assets(out);
  const bundled = await assets.bundle(["browser/main.ts", "styles/main.css"]);
  const urls = {
    icon: assets.write("icon.svg", readFileSync(join(site, "public/icon.svg"))),
    theme: assets.write("theme.js", readFileSync(join(site, "public/theme.js"))),
    main: bundled("browser/main.ts"),
    styles: bundled("styles/main.css"),
    index: assets.write("search.json", searchIndex([...pages.values()].flatMap(sectionsOf))),
  };
  const shown = { areas, urls, editUrl: folderUrl("REUPLOAD_DOCS_EDIT_URL") };
  const context = {
    pages,
    known,
    complain,
    asset: (file) => assets.picture(file),
    sourceUrl: folderUrl("REUPLOAD_DOCS_SOURCE_URL"),
  };

  for (const page of pages.values()) {
    const body = html`<h1>${page.title}</h1>${raw(renderPage(page, context))}`;
    write(`${page.name}.html`, document(page, body, shown));
    page.markdown = asMarkdown(page, pages, known);
    write(`${page.name}.md`, page.markdown);
  }
  const page = (source) => pages.get(source) ?? complain("docs/nav.json", `there is no ${source}`);
  const { start, cards, picture } = nav.landing;
  write(
    "index.html",
    landing(shown, { start: page(start), cards: cards.map(page).filter(Boolean), picture: assets.picture(picture) }),
  );
  write("llms.txt", llmsTxt(areas, SUMMARY));
  write("llms-full.txt", llmsFull(areas));
  return problems;
}

/** A URL of a folder, from a variable, with its slash; or nothing. */
function folderUrl(name) {
  return process.env[name]?.replace(/\/*$/, "/");
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({ options: { out: { type: "string", default: dist }, draft: { type: "boolean" } } });
  const out = resolve(values.out);
  const problems = await buildSite(out);
  for (const problem of problems) console.error(problem);
  if (problems.length && !values.draft) process.exit(1);
  if (!values.draft) compress(out);
}
