// The page of one operation: what it takes and gives at the left, the example and Try it at the right.

import { curl, pythonSample, typescriptSample } from "../../shared/samples.js";
import { html, raw } from "../html.mjs";
import { codeBlock, inline } from "../markdown.mjs";
import { base } from "../paths.mjs";
import { codesOf } from "./codes.mjs";
import { field, fieldLine, fieldLines, fields } from "./schema.mjs";

const API = "http://127.0.0.1:4000";

/** Gives `{body, markdown, headings}`. */
export function operationPage(page, document, codes, spec) {
  const request = bodySchema(page.operation.requestBody);
  const parts = [
    ["Parameters", page.parameters.length > 0 && parameters(page, document)],
    ["Body", request && bodyOf(request, document)],
    ["Answer", answers(page, document)],
    ["Errors", errors(page, codes)],
  ].filter(([, part]) => part);
  const heading = (text) =>
    html`<h2 id="${text.toLowerCase()}">${text}<a class="anchor" href="#${text.toLowerCase()}" aria-label="Link to ${text}">#</a></h2>`;
  return {
    headings: parts.map(([text]) => ({ level: 2, id: text.toLowerCase(), text })),
    body: html`<div class="operation">
<div class="about"><h1>${page.title}</h1>
<p class="endpoint"><span class="method ${page.method}">${page.method}</span> <code>${page.path}</code></p>
<p class="jump"><a href="#try">Example, and Try it</a></p>
${paragraphs(page.operation.description)}
<dl class="needs"><dt>Host</dt><dd>${page.isCdn ? "the CDN host" : "the API host"}</dd><dt>Permission</dt><dd>${permission(page)}</dd></dl>
${parts.map(([text, part]) => html`<section>${heading(text)}${part}</section>`)}</div>
<div class="beside" id="try"><div class="try" data-spec="${JSON.stringify(spec)}"></div>${example(page)}</div>
</div>`,
    markdown: asMarkdown(page, document, codes),
  };
}

const paragraphs = (text) =>
  (text ?? "")
    .split(/\n{2,}/)
    .filter(Boolean)
    .map((each) => html`<p class="says">${raw(inline(each))}</p>`);

function permission({ operation, needsKey }) {
  if (!needsKey) return "none, and no key";
  const wanted = operation["x-permission"];
  if (wanted === "any") return "any key";
  return wanted.split("|").map((each, index) => html`${index > 0 && " or "}<code>${each}</code>`);
}

const PLACES = { path: "in the path", query: "in the query", header: "header" };
const placed = (page) => page.parameters.map((each) => ({ ...each, where: PLACES[each.in] }));

const parameters = (page, document) =>
  html`<ul class="fields">${placed(page).map((each) => field(each, document))}</ul>`;

const bodySchema = (requestBody) => requestBody && Object.entries(requestBody.content)[0];

const typeOfBody = (type) => (type === "*/*" ? "The bytes of the file, as they are." : `\`${type}\``);

const bodyOf = ([type, { schema }], document) =>
  html`<p class="says">${raw(inline(typeOfBody(type)))}</p>${fields(schema, document)}`;

function bodyMarkdown([type, { schema }], document) {
  const lines = fieldLines(schema, document).join("\n");
  return `## Body\n\n${typeOfBody(type)}${lines && `\n\n${lines}`}`;
}

const goodOf = ({ operation }) =>
  Object.entries(operation.responses)
    .filter(([status]) => status < 400)
    .map(([status, { description, content }]) => {
      const [type, { schema } = {}] = Object.entries(content ?? {})[0] ?? [];
      return { status, description, type, schema };
    });

function answers(page, document) {
  return goodOf(page).map(({ status, description, type, schema }) => {
    return html`<p class="says"><code>${status}</code> ${description && raw(inline(description))} ${type && type !== "*/*" && html`<code>${type}</code>`}</p>${schema && fields(schema, document, { answered: true })}`;
  });
}

function errors(page, codes) {
  const bad = Object.entries(page.operation.responses).filter(([status]) => status >= 400);
  if (!bad.length) return null;
  const row = ([status, { description }]) => {
    const known = codesOf(page, status, codes);
    return html`<tr><td><code>${status}</code></td><td>${known.map((code, index) => html`${index > 0 && " "}<a href="${base}/reference/errors#${code}"><code>${code}</code></a>`)}</td><td>${description}</td></tr>`;
  };
  return html`<div class="table" role="group" aria-label="Errors" tabindex="0"><table><thead><tr><th scope="col">status</th><th scope="col">code</th><th scope="col">when</th></tr></thead><tbody>${bad.map(row)}</tbody></table></div>`;
}

/** The request in three languages, one below the other until the script makes tabs of them, and what it was answered. */
function example({ operation, example: { request, response }, needsKey }) {
  const samples = [
    ["curl", "sh", curl(request, API, needsKey)],
    ["Python", "python", pythonSample(operation.operationId, request)],
    ["TypeScript", "ts", typescriptSample(operation.operationId, request)],
  ].filter(([, , code]) => code);
  return html`<section class="example"><h2>Example</h2>
<div class="samples">${samples.map(([name, language, code]) => html`<div data-sample="${name}">${raw(codeBlock(code, language, name))}</div>`)}</div>
${raw(codeBlock(answerText(response), response.body && typeof response.body === "object" ? "json" : "text", `Answer ${response.status}`))}
<p class="made">A test has made this request and got this answer. Ids, times and signatures are replaced.</p></section>`;
}

function answerText({ headers, body }) {
  if (body && typeof body === "object") return `${JSON.stringify(body, null, 2)}\n`;
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return `${[...lines, ...(body ? ["", body] : [])].join("\n")}\n`;
}

function asMarkdown(page, document, codes) {
  const {
    operation,
    example: { request, response },
  } = page;
  const python = pythonSample(operation.operationId, request);
  const typescript = typescriptSample(operation.operationId, request);
  const block = (language, code) => code && `\`\`\`${language}\n${code.trimEnd()}\n\`\`\``;
  const body = bodySchema(operation.requestBody);
  const list = (title, lines) => lines.length > 0 && `## ${title}\n\n${lines.join("\n")}`;
  const listed = placed(page).flatMap((each) => fieldLine(each, document));
  const answered = goodOf(page).flatMap(({ status, description, schema }) => [
    `- ${status}${description ? `: ${description.replaceAll("\n", " ")}` : ""}`,
    ...(schema ? fieldLines(schema, document, { depth: 1, answered: true }) : []),
  ]);
  const bad = Object.keys(operation.responses).filter((status) => status >= 400);
  return [
    `# ${page.title}`,
    `\`${page.method} ${page.path}\` on the ${page.isCdn ? "CDN" : "API"} host. Permission: ${page.needsKey ? operation["x-permission"] : "none"}.`,
    operation.description,
    list("Parameters", listed),
    body && bodyMarkdown(body, document),
    list("Answer", answered),
    "## Example",
    block("sh", curl(request, API, page.needsKey)),
    block("python", python),
    block("ts", typescript),
    `Answer ${response.status}:`,
    block(typeof response.body === "object" ? "json" : "text", answerText(response)),
    bad.length > 0 &&
      `## Errors\n\n${bad.map((status) => `- ${status}: ${codesOf(page, status, codes).join(", ")}`).join("\n")}`,
  ]
    .filter(Boolean)
    .join("\n\n")
    .concat("\n");
}
