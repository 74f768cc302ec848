// The frame of every page: head, header, menu, contents, footer. No inline script and no style attribute: the server's
// Content-Security-Policy forbids both.

import { html, raw } from "./html.mjs";
import { icons } from "./icons.mjs";
import { base } from "./paths.mjs";

/**
 * The whole document. `page` has `{title, description, address, area?, headings?, previous?, next?, name?, source?}`; `site` has `{areas, urls, editUrl}`.
 * `layout` is `prose`, `wide` (no table of contents) or `landing` (no menu either).
 */
export function document(page, body, site, { layout = "prose", scripts = [], styles = [], meta = {} } = {}) {
  const { urls } = site;
  const title = layout === "landing" ? page.title : `${page.title} · Reupload`;
  const text = html`<!doctype html>
<html lang="en" data-search="${urls.index}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<meta name="description" content="${page.description}">
<meta name="color-scheme" content="light dark">
${Object.entries(meta).map(([name, content]) => html`<meta name="${name}" content="${content}">`)}
<link rel="icon" href="${urls.icon}" type="image/svg+xml">
${page.name && html`<link rel="alternate" type="text/markdown" href="${base}/${page.name}.md">`}
<script src="${urls.theme}"></script>
${[urls.styles, ...styles].map((href) => html`<link rel="stylesheet" href="${href}">`)}
${[urls.main, ...scripts].map((src) => html`<script type="module" src="${src}"></script>`)}
</head>
<body class="${layout}">
<a class="skip" href="#content">Skip to the content</a>
${header(page, site)}
<div class="frame">
${menu(page, site, layout)}
<main id="content" tabindex="-1">
${body}
${layout !== "landing" && footer(page, site)}
</main>
${layout === "prose" && contents(page)}
</div>
</body>
</html>
`;
  return String(text);
}

function header(page, { areas, urls }) {
  const tabs = areas.map(
    (area) =>
      html`<a href="${area.address}"${area.title === page.area && raw(' aria-current="true"')}>${area.title}</a>`,
  );
  return html`<header class="bar">
<a class="brand" href="${base}"><img src="${urls.icon}" alt="" width="24" height="24"><span>Reupload</span> <span class="quiet">Docs</span></a>
<nav class="tabs" aria-label="Parts">${tabs}</nav>
<button class="search-open" type="button" hidden>${icons.search}<span>Search</span><kbd aria-hidden="true">/</kbd></button>
<button class="icon-button theme" type="button" hidden aria-label="Dark theme" aria-pressed="false">${icons.sun}${icons.moon}</button>
<a class="dashboard" href="/">Dashboard</a>
<a class="icon-button menu-open" href="#menu" aria-label="Menu">${icons.menu}</a>
</header>`;
}

/** Methods whose names are too long for the menu. */
const SHORT = { DELETE: "DEL", OPTIONS: "OPT" };

/** On a narrow window it opens as the target of `#menu`: that needs no script. */
function menu(page, { areas }, layout) {
  const area = areas.find(({ title }) => title === page.area);
  const entry = (each) =>
    html`<li><a href="${each.address}"${each.address === page.address && raw(' aria-current="page"')}>${each.method && html`<span class="method ${each.method}" title="${each.method}">${SHORT[each.method] ?? each.method}</span>`}<span>${each.label}</span></a></li>`;
  const groups = area?.groups.map(
    (group) => html`<section><h2>${group.title}</h2><ul>${group.pages.map(entry)}</ul></section>`,
  );
  const parts = areas.map(
    (each) => html`<li><a href="${each.address}"${each === area && raw(' aria-current="true"')}>${each.title}</a></li>`,
  );
  return html`<nav id="menu" class="menu${layout === "landing" && " only-narrow"}" aria-label="Pages">
<a class="icon-button menu-close" href="#content" aria-label="Close the menu">${icons.close}</a>
<ul class="parts">${parts}<li><a href="/">Dashboard</a></li></ul>
${groups}
</nav>`;
}

function contents(page) {
  const listed = (page.headings ?? []).filter(({ level }) => level <= 3);
  if (listed.length < 2) return html`<div class="contents"></div>`;
  const lines = listed.map(({ level, id, text }) => html`<li class="level-${level}"><a href="#${id}">${text}</a></li>`);
  return html`<nav class="contents" aria-label="On this page"><h2>On this page</h2><ul>${lines}</ul></nav>`;
}

function footer(page, { editUrl }) {
  const step = (other, rel, words, icon) =>
    other &&
    html`<a class="${rel}" rel="${rel}" href="${other.address}"><small>${words}</small><span>${rel === "prev" && icon}${other.label}${rel === "next" && icon}</span></a>`;
  return html`<footer>
<nav class="steps" aria-label="Before and after">${step(page.previous, "prev", "Before", icons.left)}${step(page.next, "next", "Next", icons.right)}</nav>
<p class="sources">${page.name && html`<a href="${base}/${page.name}.md">${icons.text}This page as Markdown</a>`}
${page.source && editUrl && html`<a href="${editUrl + page.source}" rel="noreferrer">${icons.pen}Edit this page</a>`}</p>
</footer>`;
}
