// Builds the site into dist/: `node build.mjs [--out FOLDER] [--draft]`. Whatever is wrong with a page is said, and ends it with status 1;
// `--draft` goes on without what is wrong, and compresses nothing.
//
// REUPLOAD_DOCS_EDIT_URL, such as https://code.example.com/reupload/edit/main, gives each page a link to its source;
// REUPLOAD_DOCS_SOURCE_URL, such as https://code.example.com/reupload/blob/main, leads to files of the repository that are no pages.

import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { compress } from "../../scripts/compress.mjs";
import { apiPages } from "./machine/api/pages.mjs";
import { Assets } from "./machine/assets.mjs";
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
  const api = apiPages(complain);
  const areas = placePages(nav, pages, api.groups, complain);
  const known = new Map([...pages.values(), ...api.pages].map((page) => [page.address, idsOf(page)]));
  known.set(base, new Set());

  const assets = new Assets(out);
  const urls = await writeAssets(assets, [...[...pages.values()].flatMap(sectionsOf), ...api.sections]);
  const shown = { areas, urls, editUrl: folderUrl("REUPLOAD_DOCS_EDIT_URL") };
  const picture = (file) => assets.picture(file);
  const sourceUrl = folderUrl("REUPLOAD_DOCS_SOURCE_URL");

  for (const page of pages.values()) {
    const around = { pages, known, complain, asset: picture, sourceUrl };
    const rendered = renderPage(page, around);
    page.markdown = asMarkdown(page, around);
    write(`${page.name}.html`, document(page, html`<h1>${page.title}</h1>${raw(rendered)}`, shown));
    write(`${page.name}.md`, page.markdown);
  }
  for (const page of api.pages) {
    write(`${page.name}.html`, document(page, page.body, shown, page.frame(urls)));
    write(`${page.name}.md`, page.markdown);
  }
  const named = (source) => pages.get(source) ?? complain("docs/nav.json", `there is no ${source}`);
  const { start, cards } = nav.landing;
  const front = { start: named(start), cards: cards.map(named).filter(Boolean), picture: picture(nav.landing.picture) };
  write("index.html", landing(shown, front));
  write("404.html", document(ABSENT, html`<h1>${ABSENT.title}</h1><p class="lead">${ABSENT.description}</p>`, shown));
  write("llms.txt", llmsTxt(areas, SUMMARY));
  write("llms-full.txt", llmsFull(areas));
  return problems;
}

const ABSENT = {
  title: "There is no such page",
  description: "It may have moved: search for it, or go on from the menu.",
};

const idsOf = (page) => new Set((page.headings ?? []).map(({ id }) => id));

/** Gives the addresses of all that is shared by pages. */
async function writeAssets(assets, sections) {
  const file = (path) => readFileSync(join(site, path));
  const swagger = (name) => file(`node_modules/swagger-ui-dist/${name}`);
  const entries = [
    "browser/main.ts",
    "browser/openapi.ts",
    "browser/tryit/main.ts",
    "styles/main.css",
    "styles/openapi.css",
  ];
  const bundled = await assets.bundle(entries);
  for (const name of ["LICENSE", "NOTICE"]) assets.write(`swagger-ui-${name}.txt`, swagger(name));
  return {
    icon: assets.write("icon.svg", file("public/icon.svg")),
    theme: assets.write("theme.js", file("public/theme.js")),
    main: bundled("browser/main.ts"),
    styles: bundled("styles/main.css"),
    tryit: bundled("browser/tryit/main.ts"),
    openapi: bundled("browser/openapi.ts"),
    openapiStyles: bundled("styles/openapi.css"),
    swagger: assets.write("swagger-ui.js", swagger("swagger-ui-bundle.js")),
    index: assets.write("search.json", searchIndex(sections)),
  };
}

/** A URL of a folder, from a variable, with its slash; or nothing. */
function folderUrl(name) {
  return process.env[name]?.replace(/\/*$/, "/");
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({ options: { out: { type: "string", default: dist }, draft: { type: "boolean" } } });
  // The server may be reading: the finished site takes the place of the one before.
  const fresh = join(site, `node_modules/.site-${process.pid}`);
  const problems = await buildSite(fresh);
  for (const problem of problems) console.error(problem);
  const isGood = !problems.length || values.draft;
  if (isGood) {
    if (!values.draft) compress(fresh);
    const out = resolve(values.out);
    rmSync(out, { recursive: true, force: true });
    renameSync(fresh, out);
  }
  rmSync(fresh, { recursive: true, force: true });
  process.exitCode = isGood ? 0 : 1;
}
