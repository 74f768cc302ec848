// Where things are, and at which address a file of the repository is shown.

import { relative, resolve } from "node:path";

export const root = resolve(import.meta.dirname, "../../..");
export const site = resolve(import.meta.dirname, "..");
export const dist = resolve(site, "dist");

/** The address under which the server shows the site. */
export const base = "/docs";

/** A path in the repository, with slashes: `docs/guides/django.md`. */
export const inRepository = (path) => relative(root, path).replaceAll("\\", "/");

/**
 * The name of a page in `dist/`, without its ending: `docs/guides/django.md` is `guides/django`, `ARCHITECTURE.md` is `architecture`, and a
 * README stands for its folder.
 */
export function nameOf(source) {
  const name = source.replace(/^docs\//, "").replace(/\.md$/, "");
  return name === name.toUpperCase() ? name.toLowerCase() : name.replace(/\/README$/, "");
}

export const addressOf = (name) => `${base}/${name}`;
