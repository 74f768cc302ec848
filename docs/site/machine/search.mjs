// What the search of the site knows: a document for each heading of each page.

import MiniSearch from "minisearch";
import { plain } from "./markdown.mjs";

/** As browser/search.ts loads it. */
export const OPTIONS = {
  fields: ["title", "heading", "text"],
  storeFields: ["title", "heading", "text", "area"],
  idField: "address",
};

/** Gives `[{address, title, heading, text, area}]`. Code blocks are left out, names in running text are there. */
export function sectionsOf(page) {
  const sections = [{ address: page.address, heading: "", text: "" }];
  for (const [index, token] of page.tokens.entries()) {
    if (token.type !== "inline") continue;
    if (page.tokens[index - 1].type !== "heading_open") {
      sections.at(-1).text += `${plain(token)} `;
    } else {
      const address = `${page.address}#${page.tokens[index - 1].attrGet("id")}`;
      sections.push({ address, heading: plain(token), text: "" });
    }
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
