// The page at /docs/api: how to call the API, and the interactive OpenAPI UI. Without scripts it is the list of operations.

import { html } from "../html.mjs";
import { base } from "../paths.mjs";

export function overview(groups) {
  const list = groups.map(
    ({ title, pages }) => html`<section><h3>${title}</h3><ul class="operations">${pages.map(row)}</ul></section>`,
  );
  return html`<h1>API reference</h1>
<p class="lead">JSON over HTTP. Every operation has a page, with an example that a test has made and a panel that calls this server. Below is the same as an OpenAPI UI.</p>
<dl class="needs">
<dt>Address</dt><dd><code>{api}/api/v1</code>, at <code>reupload dev</code> <code>http://127.0.0.1:4000/api/v1</code>; bytes go to the CDN host</dd>
<dt>Key</dt><dd><code>Authorization: Bearer ru_…</code>, with the permissions that the operation names</dd>
<dt>Errors</dt><dd><code>{"error", "message", "requestId"}</code> with the real status: <a href="${base}/reference/errors">all codes</a></dd>
<dt>Repeating</dt><dd>every POST takes an <code>Idempotency-Key</code>: the same key and body do it once</dd>
<dt>Document</dt><dd><a href="/openapi.json">/openapi.json</a>, OpenAPI 3.1</dd>
</dl>
<h2 class="openapi-title">Every operation</h2>
<div id="openapi">${list}</div>`;
}

const row = (page) =>
  html`<li><a href="${page.address}"><span class="method ${page.method}">${page.method}</span> <code>${page.path}</code> <span>${page.title}</span></a></li>`;
