// Names of headings for addresses, as code hosts make them: one link is right in both places.

/** Gives a function that turns the text of one heading after the other into its name. */
export function slugger() {
  const taken = new Map();
  return (text) => {
    const name = text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M} _-]/gu, "")
      .replaceAll(" ", "-");
    const times = taken.get(name) ?? 0;
    taken.set(name, times + 1);
    return times ? `${name}-${times}` : name;
  };
}
