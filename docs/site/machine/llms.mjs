// llms.txt (https://llmstxt.org) and llms-full.txt: the site for programs that read text.

import { base } from "./paths.mjs";

/** The list of pages, as Markdown. */
export function llmsTxt(areas, summary) {
  const groups = areas.flatMap((area) =>
    area.groups.map((group) => ({ title: `${area.title}: ${group.title}`, pages: group.pages })),
  );
  const list = groups.map(({ title, pages }) => {
    const lines = pages.map((page) => `- [${page.title}](${base}/${page.name}.md): ${page.description}`);
    return `## ${title}\n\n${lines.join("\n")}\n`;
  });
  const whole = `All pages in one file: [llms-full.txt](${base}/llms-full.txt). Each page is Markdown at its address with .md behind it.`;
  return `# Reupload\n\n> ${summary}\n\n${whole}\n\n${list.join("\n")}`;
}

/** All pages one after the other, in the order of the menu. */
export function llmsFull(areas) {
  const pages = areas.flatMap((area) => area.groups.flatMap((group) => group.pages));
  return pages.map((page) => `<!-- ${base}/${page.name}.md -->\n\n${page.markdown.trim()}\n`).join("\n");
}
