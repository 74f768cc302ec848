const LENGTH = 160;

/** The piece of `text` in which one of `terms` is found first. */
export function excerpt(text: string, terms: readonly string[]): string {
  const lower = text.toLowerCase();
  const places = terms.map((term) => lower.indexOf(term)).filter((place) => place >= 0);
  const first = places.length ? Math.min(...places) : 0;
  if (first < LENGTH / 2) return text.slice(0, 2 * LENGTH);
  const from = text.lastIndexOf(" ", first - LENGTH / 3) + 1;
  return `… ${text.slice(from, from + 2 * LENGTH)}`;
}

/** `text` as nodes, with each of `terms` in a `<mark>`. */
export function marked(text: string, terms: readonly string[]): (string | HTMLElement)[] {
  const words = terms.map((term) => term.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  if (!words.length) return [text];
  return text.split(new RegExp(`(${words.join("|")})`, "i")).map((piece, index) => {
    if (index % 2 === 0) return piece;
    const mark = document.createElement("mark");
    mark.textContent = piece;
    return mark;
  });
}
