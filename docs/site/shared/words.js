// What the search reads of a section, and how: the build writes the index by it, the browser reads it.

/** A word as it is looked up: in lower case, and in the singular. */
export const wordOf = (/** @type {string} */ text) =>
  text.toLowerCase().replace(/(?<=ss|x|ch|sh)es$|(?<=\w\w[^s])(?<!http)s$/, "");

export const OPTIONS = {
  fields: ["title", "heading", "text"],
  storeFields: ["title", "heading", "text", "area"],
  idField: "address",
  processTerm: wordOf,
};
