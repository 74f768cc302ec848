// The pages of the API reference, ready to be put into the frame.

import { addressOf } from "../paths.mjs";
import { readCodes } from "./codes.mjs";
import { readOperations } from "./operations.mjs";
import { overview } from "./overview.mjs";
import { operationPage } from "./page.mjs";
import { trySpec } from "./tryit.mjs";

/** Gives `{groups, pages, sections}`: for the menu, to be written, and for the search. `frame(urls)` is the layout of a page. */
export function apiPages(complain) {
  const { document, groups } = readOperations(complain);
  const codes = readCodes();
  const operations = groups.flatMap(({ pages }) => pages).filter(({ example }) => example);
  for (const page of operations) {
    Object.assign(page, operationPage(page, document, codes, trySpec(page, document, operations)));
    page.frame = (urls) => ({ layout: "wide", scripts: [urls.tryit], meta: {} });
  }
  const first = {
    name: "api",
    address: addressOf("api"),
    title: "API reference",
    label: "Overview",
    description: "All operations, and the interactive OpenAPI UI.",
    body: overview(groups),
    markdown: overviewMarkdown(groups),
    frame: (urls) => ({
      layout: "wide",
      scripts: [urls.openapi],
      styles: [urls.openapiStyles],
      meta: { "swagger-ui": urls.swagger },
    }),
  };
  return {
    groups: [{ title: "API", pages: [first] }, ...groups],
    pages: [first, ...operations],
    sections: operations.map(sectionOf),
  };
}

function sectionOf({ address, title, method, path, operation, markdown }) {
  const fields = [...markdown.matchAll(/^ *- `([^`]+)` \(/gm)].map(([, name]) => name);
  const words = [operation.description, operation.operationId, ...new Set(fields)].filter(Boolean);
  const text = words.join(" ").replaceAll("`", "").replaceAll("\n", " ");
  return { address, title, heading: `${method} ${path}`, text, area: "API" };
}

function overviewMarkdown(groups) {
  const lines = groups.flatMap(({ title, pages }) => [
    `## ${title}\n`,
    ...pages.map((page) => `- [${page.title}](${page.address}.md): \`${page.method} ${page.path}\``),
    "",
  ]);
  return `# API reference\n\n${lines.join("\n")}`;
}
