// One page of Markdown: read into title, description, headings and tokens; later rendered, when every other page is known.

import MarkdownIt from "markdown-it";
import { drawDiagram, tellDiagram } from "./diagram.mjs";
import { highlight } from "./highlight.mjs";
import { escapeHtml } from "./html.mjs";
import { slugger } from "./slugs.mjs";

const markdown = new MarkdownIt({ html: true, linkify: false, typographer: false });

/** A line of Markdown, such as a description of the API's document. */
export const inline = (text) => markdown.renderInline(text);

/** The text of an inline token without its marks. */
export const plain = (inline) =>
  inline.children
    .map((child) => (child.type === "softbreak" || child.type === "hardbreak" ? " " : child.content))
    .join("");

/**
 * Gives `{title, description, tokens, headings: [{level, id, text}]}`. The title is the one heading of the first level, and must come first;
 * the description is the paragraph after it. Problems are told to `complain`.
 */
export function parse(text, complain) {
  const tokens = markdown.parse(text, {});
  const slug = slugger();
  const headings = [];
  for (const [index, token] of tokens.entries()) {
    if (token.type !== "heading_open") continue;
    const heading = { level: Number(token.tag.slice(1)), text: plain(tokens[index + 1]) };
    heading.id = slug(heading.text);
    token.attrSet("id", heading.id);
    headings.push(heading);
  }
  if (headings[0]?.level !== 1 || tokens[0]?.type !== "heading_open") complain("does not begin with a # heading");
  if (headings.filter(({ level }) => level === 1).length > 1) complain("has more than one # heading");
  const first = tokens.findIndex((token) => token.type === "paragraph_open" && token.level === 0);
  return {
    title: headings[0]?.text ?? "",
    description: first < 0 ? "" : plain(tokens[first + 1]),
    tokens: caption(tokens.slice(3)),
    headings: headings.slice(1),
  };
}

/** Takes a paragraph that is nothing but `` `name`: `` or `` `name`, at the end: `` away, and makes it the caption of the block behind it. */
function caption(tokens) {
  const kept = [];
  let name;
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token.type === "fence") {
      token.meta = { name };
      name = undefined;
    }
    const found = token.type === "paragraph_open" && /^`([^`]+)`(, at the end)?:$/.exec(tokens[index + 1].content);
    if (found && nextBlock(tokens, index + 3)?.type === "fence") {
      name = found[1] + (found[2] ?? "");
      index += 2;
      continue;
    }
    kept.push(token);
  }
  return kept;
}

const nextBlock = (tokens, from) =>
  tokens.slice(from).find((token) => !(token.type === "html_block" && isComment(token.content)));

const isComment = (text) => /^\s*(<!--[\s\S]*?-->\s*)+$/.test(text);

/** The rows of tables that begin with nothing but a code, such as `NOT_FOUND`, the first of each: a Map from the row's token to the code. */
export function codesOfRows(tokens) {
  const found = new Map();
  for (const [index, token] of tokens.entries()) {
    const [, code] = (token.type === "tr_open" && /^`([A-Z][A-Z_]+)`$/.exec(tokens[index + 2].content)) || [];
    if (code && ![...found.values()].includes(code)) found.set(token, code);
  }
  return found;
}

/**
 * Renders a page's tokens. A row with a code has it as its id. `link(href)` and `image(src)` give the attributes of the element, an object without `href` is no link;
 * `complain` hears of what cannot be shown.
 */
export function render(tokens, { link, image, complain }) {
  const renderer = new MarkdownIt().renderer;
  let diagrams = 0;
  renderer.rules.fence = (all, index) => {
    const { info, content, meta } = all[index];
    try {
      return info.trim() === "mermaid"
        ? diagram(content, `diagram-${++diagrams}`)
        : codeBlock(content, info.trim(), meta.name);
    } catch (error) {
      complain(error.message);
      return "";
    }
  };
  renderer.rules.code_block = (all, index) => codeBlock(all[index].content, "");
  renderer.rules.html_block = renderer.rules.html_inline = (all, index) => {
    if (!isComment(all[index].content)) complain(`has HTML, which is not shown: ${all[index].content.trim()}`);
    return "";
  };
  renderer.rules.table_open = () => '<div class="table" role="group" aria-label="Table" tabindex="0"><table>';
  renderer.rules.table_close = () => "</table></div>";
  renderer.rules.th_open = (all, index) => (all[index + 1].content ? '<th scope="col">' : "<td>");
  renderer.rules.th_close = (all, index) => (all[index - 1].content ? "</th>" : "</td>");
  const rows = codesOfRows(tokens);
  renderer.rules.tr_open = (all, index) => (rows.has(all[index]) ? `<tr id="${rows.get(all[index])}">` : "<tr>");
  renderer.rules.heading_close = (all, index) => {
    const open = all[index - 2];
    const name = escapeHtml(plain(all[index - 1]));
    return `<a class="anchor" href="#${open.attrGet("id")}" aria-label="Link to ${name}">#</a></${open.tag}>\n`;
  };
  const opened = [];
  renderer.rules.link_open = (all, index) => {
    const attributes = link(all[index].attrGet("href"));
    opened.push("href" in attributes ? "a" : "span");
    return element(opened.at(-1), attributes);
  };
  renderer.rules.link_close = () => `</${opened.pop()}>`;
  renderer.rules.image = (all, index) =>
    element("img", { ...image(all[index].attrGet("src")), alt: all[index].content, loading: "lazy" });
  return renderer.render(lead(tokens), markdown.options, {});
}

/** The first paragraph is set larger. */
function lead(tokens) {
  const first = tokens.find((token) => token.type === "paragraph_open" && token.level === 0);
  if (first && tokens.indexOf(first) === 0) first.attrSet("class", "lead");
  return tokens;
}

function element(tag, attributes) {
  const text = Object.entries(attributes).map(([name, value]) => ` ${name}="${escapeHtml(value)}"`);
  return `<${tag}${text.join("")}>`;
}

/** A block of code with its colors and, above it, its file's name. */
export function codeBlock(code, language, name) {
  const title = name ? `<figcaption>${escapeHtml(name)}</figcaption>` : "";
  const label = escapeHtml(name ?? `Code${language ? `, ${language}` : ""}`);
  const pre = `<pre tabindex="0" role="group" aria-label="${label}"><code>${highlight(code, language)}</code></pre>`;
  return `<figure class="code">${title}${pre}</figure>\n`;
}

function diagram(text, id) {
  return `<figure class="diagram"><div class="drawn" tabindex="0" role="group" aria-label="Diagram">${drawDiagram(text, id)}</div>
<details><summary>The diagram in words</summary><ol>${tellDiagram(text)}</ol></details></figure>\n`;
}
