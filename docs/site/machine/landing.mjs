// The page at /docs: what Reupload is, and where to go on.

import { html, raw } from "./html.mjs";
import { document } from "./layout.mjs";
import { codeBlock } from "./markdown.mjs";
import { base } from "./paths.mjs";

export const SUMMARY =
  "The upload backend that you run instead of writing one: one binary, with SDKs for Python, Node, browsers and React.";

const FACTS = [
  [
    "An upload that is answered is kept",
    "The 202 comes when the bytes are on stable storage under their final name. A crash loses nothing.",
  ],
  [
    "Bytes go around your server",
    "Browsers send straight to Reupload's own origin, by a signed address. Your API key stays with you.",
  ],
  [
    "Checked before it is served",
    "Types are read from the bytes, your scanner looks for malware, pictures get thumbnails. Only then a file has an address.",
  ],
  [
    "Your server hears of it",
    "Signed webhooks, tried again for days, each attempt on record, each to be sent once more by hand.",
  ],
];

/** `cards` are pages, `start` is the page to begin with. */
export function landing(site, { start, cards, picture }) {
  const run = codeBlock(
    'make run\n\ncurl -H "Authorization: Bearer $REUPLOAD_API_KEY" \\\n  -F projectId=$REUPLOAD_PROJECT_ID -F file=@cat.jpg \\\n  $REUPLOAD_API_BASE_URL/uploads/direct\n',
    "sh",
    "a terminal",
  );
  const body = html`<section class="hero">
<div><h1>Uploads, done</h1>
<p class="lead">${SUMMARY}</p>
<p class="actions">${start && html`<a class="button primary" href="${start.address}">Quick start</a>`}<a class="button" href="${base}/api">API reference</a></p></div>
${raw(run)}
</section>
<ul class="facts">${FACTS.map(([title, text]) => html`<li><h2>${title}</h2><p>${text}</p></li>`)}</ul>
<section class="cards"><h2>Guides</h2><ul>${cards.map(card)}</ul></section>
<figure class="shot"><img src="${picture.src}" width="${picture.width}" height="${picture.height}" alt="The dashboard: files of a project as thumbnails, with their names and sizes" loading="lazy">
<figcaption>The dashboard comes with it: files, webhooks with every attempt, keys, members, usage.</figcaption></figure>`;
  const page = { title: "Reupload documentation", description: SUMMARY, address: base };
  return document(page, body, site, { layout: "landing" });
}

const card = (page) => html`<li><a href="${page.address}"><h3>${page.label}</h3><p>${page.description}</p></a></li>`;
