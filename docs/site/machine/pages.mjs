// The pages: which there are, in what order, and what a link between them means.

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { parse, render } from "./markdown.mjs";
import { addressOf, base, nameOf, root } from "./paths.mjs";

/** Pages that are not below docs/. */
const BESIDE = [
  "ARCHITECTURE.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "sdk/python/README.md",
  ...["client", "react", "sdk"].map((name) => `sdk/js/packages/${name}/README.md`),
];

export const readNav = () => JSON.parse(readFileSync(join(root, "docs/nav.json"), "utf8"));

/** Every Markdown file that is a page, as paths in the repository. */
export function sourcesOfPages() {
  const below = readdirSync(join(root, "docs"), { recursive: true })
    .map((path) => `docs/${path.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".md") && !path.startsWith("docs/site/"));
  return [...BESIDE, ...below].sort();
}

/** Reads all pages of `sources`: a Map from path in the repository to page. `complain(source, problem)` hears of what is wrong. */
export function readPages(sources, complain) {
  const pages = new Map();
  for (const source of sources) {
    const text = readFileSync(join(root, source), "utf8");
    const name = nameOf(source);
    const parsed = parse(text, (problem) => complain(source, problem));
    pages.set(source, { source, name, address: addressOf(name), text, ...parsed });
  }
  return pages;
}

/**
 * What a link or picture of `source` means: `{address}` of a page or of what is outside, `{file}` of the repository that is no page, or
 * `{problem}`. Addresses below /docs may be in `known`, a Map from address to the names of its headings.
 */
export function resolveLink(href, source, pages, known) {
  if (/^[a-z][a-z0-9+.-]*:/i.test(href)) return { address: href, outside: true };
  const [path, anchor] = href.split("#");
  if (path.startsWith("/"))
    return known.has(path) ? checked(path, anchor, known) : { problem: `nothing is at ${path}` };
  const target = path ? normalize(join(dirname(source), decodeURIComponent(path))).replace(/\/$/, "") : source;
  const page = pages.get(target) ?? pages.get(`${target}/README.md`);
  if (page) return { page, ...checked(page.address, anchor, known) };
  if (target.startsWith("..") || !existsSync(join(root, target))) return { problem: `there is no ${target}` };
  return { file: target, folder: statSync(join(root, target)).isDirectory() };
}

function checked(address, anchor, known) {
  if (anchor && !known.get(address).has(anchor)) return { problem: `${address} has no heading #${anchor}` };
  return { address: anchor ? `${address}#${anchor}` : address };
}

/** Renders one page. `asset(file)` gives the attributes of a picture, `sourceUrl` the address of the repository's files, if it has one. */
export function renderPage(page, { pages, known, asset, sourceUrl, complain }) {
  const link = (href) => {
    const found = resolveLink(href, page.source, pages, known);
    if (found.problem) complain(page.source, found.problem);
    if (found.outside) return { href, rel: "noreferrer" };
    if (found.address) return { href: found.address };
    if (sourceUrl && found.file) return { href: sourceUrl + found.file, rel: "noreferrer" };
    return { class: "in-repository", title: `In the repository: ${found.file}` };
  };
  const image = (src) => {
    const { file } = resolveLink(src, page.source, pages, known);
    if (!file) complain(page.source, `there is no picture ${src}`);
    return file ? asset(file) : {};
  };
  return render(page.tokens, { link, image, complain: (problem) => complain(page.source, problem) });
}

/**
 * The page as Markdown, with links to the Markdown of other pages, and without the comments that are for tests. `asset(file)` gives the
 * attributes of a picture.
 */
export function asMarkdown(page, { pages, known, asset }) {
  let fenced = false;
  let hidden = false;
  const lines = page.text.split("\n").map((line) => {
    if (!hidden && /^\s*(```|~~~)/.test(line)) fenced = !fenced;
    if (fenced) return line;
    hidden ||= /^\s*<!--/.test(line);
    if (hidden) {
      hidden = !line.includes("-->");
      return undefined;
    }
    return line.replace(/\]\(([^()\s]+)\)/g, (whole, href) => {
      const found = resolveLink(href, page.source, pages, known);
      if (/\.(png|svg|jpg)$/.test(found.file ?? "")) return `](${asset(found.file).src})`;
      if (!found.page) return found.file ? `](${found.file})` : whole;
      const [, anchor] = href.split("#");
      return `](${base}/${found.page.name}.md${anchor ? `#${anchor}` : ""})`;
    });
  });
  return lines.filter((line) => line !== undefined).join("\n");
}
