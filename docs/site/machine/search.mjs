// What the search of the site knows: a document for each heading of each page.

import MiniSearch from "minisearch";
import { OPTIONS } from "../shared/words.js";
import { codesOfRows, plain } from "./markdown.mjs";

/**
 * Gives `[{address, title, heading, text, area}]`. Code blocks are left out, names in running text are there. In a table of codes each row is a
 * section.
 */
export function sectionsOf(page) {
  const sections = [];
  const begin = (anchor, heading) => {
    sections.push({ address: page.address + anchor, heading, text: "" });
    return sections.at(-1);
  };
  const rows = codesOfRows(page.tokens);
  let part = begin("", "");
  let row;
  let isOfCodes = false;
  for (const [index, token] of page.tokens.entries()) {
    if (token.type === "table_open") isOfCodes = ["code", "reason"].includes(page.tokens[index + 4].content);
    if (token.type === "tr_open")
      row = isOfCodes && rows.has(token) ? begin(`#${rows.get(token)}`, rows.get(token)) : undefined;
    if (token.type === "table_close") row = undefined;
    if (token.type !== "inline") continue;
    const before = page.tokens[index - 1];
    if (before.type === "heading_open") part = begin(`#${before.attrGet("id")}`, plain(token));
    else (row ?? part).text += `${plain(token)} `;
  }
  return sections.map((section) => ({
    ...section,
    text: section.text.trim(),
    title: page.title,
    area: page.area ?? "",
  }));
}

/** The index as JSON text. */
export function searchIndex(sections) {
  const index = new MiniSearch(OPTIONS);
  index.addAll(sections);
  return JSON.stringify(index);
}
