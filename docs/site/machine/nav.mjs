// The menu: docs/nav.json with its pages in place of their paths.

/**
 * Gives `[{title, groups: [{title, pages}]}]`, and tells each page its `area`, `group`, `previous` and `next`. An entry is a path of the
 * repository, `[label, path]` where the page's title is too long for the menu, or `folder/*` for the pages of a folder that are not named.
 * The groups of the area with `"api": true` are those of `api`.
 */
export function placePages(nav, pages, api, complain) {
  const areas = nav.areas.map((area) => ({
    title: area.title,
    groups: area.api
      ? marked(api, area.title)
      : area.groups.map((group) => ({
          ...group,
          pages: group.pages
            .flatMap((entry) => spread(entry, pages))
            .flatMap((entry) => {
              const [label, source] = Array.isArray(entry) ? entry : [undefined, entry];
              const page = pages.get(source);
              if (!page) complain("docs/nav.json", `there is no ${source}`);
              if (page?.area) complain("docs/nav.json", `has ${source} twice`);
              if (page) Object.assign(page, { label: label ?? page.title, area: area.title, group: group.title });
              return page ?? [];
            }),
        })),
  }));
  for (const area of areas) area.address = area.groups.flatMap((group) => group.pages)[0]?.address;
  order(areas);
  for (const page of pages.values()) if (!page.area) complain("docs/nav.json", `does not have ${page.source}`);
  return areas;
}

function marked(groups, area) {
  for (const { title, pages } of groups) for (const page of pages) Object.assign(page, { area, group: title });
  return groups;
}

function spread(entry, pages) {
  if (typeof entry !== "string" || !entry.endsWith("/*")) return [entry];
  return [...pages.keys()].filter((source) => source.startsWith(entry.slice(0, -1)) && !source.endsWith("/README.md"));
}

/** Previous and next stay in their area. */
function order(areas) {
  for (const area of areas) {
    const row = area.groups.flatMap((group) => group.pages);
    for (const [index, page] of row.entries()) Object.assign(page, { previous: row[index - 1], next: row[index + 1] });
  }
}
