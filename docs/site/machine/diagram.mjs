// Sequence diagrams, drawn when the site is built. What is drawn takes its colors from styles/diagram.css and works in both themes.

import { renderMermaidSVG } from "beautiful-mermaid";
import { escapeHtml } from "./html.mjs";

const ARROW = /^\s*(\S+?)\s*(-{1,2}(?:>>|\)|x|>))\s*(\S+?)\s*:\s*(.+)$/;

/**
 * Gives the `<svg>` for the text of a `mermaid` block; `id` makes its names unique in the page. The library's own style sheet is left out,
 * which a Content-Security-Policy would refuse and which asks another host for a font.
 */
export function drawDiagram(text, id) {
  if (!/^\s*sequenceDiagram\b/.test(text)) throw new Error("only sequenceDiagram is drawn");
  const drawn = renderMermaidSVG(text);
  const [, drawnWidth, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(drawn);
  const { left, right } = extent(drawn, Number(drawnWidth));
  const width = right - left;
  const inside = drawn
    .replace(/^<svg[^>]*>/, "")
    .replace(/<style>[\s\S]*?<\/style>/, "")
    .replace(/ data-[\w-]+="[^"]*"/g, "")
    .replaceAll("seq-arrow", `${id}-arrow`)
    .replace(/\d+\.\d{3,}/g, (number) => String(Math.round(Number(number) * 100) / 100));
  const size = `viewBox="${left} 0 ${width} ${height}" width="${Math.round(width * SCALE)}" height="${Math.round(height * SCALE)}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="Sequence diagram; in words below it">${inside}`;
}

/** Letters of 11 units are drawn 13 px high. */
const SCALE = 13 / 11;

/** A letter's width at the size of 11 units, on the wide side: fonts of systems differ. */
const LETTER = 6.4;

/** From where to where it goes, with words that stand out of the picture: the library cuts those off. */
function extent(drawn, width) {
  let [left, right] = [0, width];
  for (const [, x, anchor, text] of drawn.matchAll(/<text x="([\d.]+)"[^>]*text-anchor="(\w+)"[^>]*>([^<]*)</g)) {
    const letters = text.replace(/&\w+;/g, "x").length * LETTER;
    const begin = Number(x) - (anchor === "middle" ? letters / 2 : anchor === "end" ? letters : 0);
    left = Math.min(left, Math.floor(begin) - 8);
    right = Math.max(right, Math.ceil(begin + letters) + 8);
  }
  return { left, right };
}

/** The same in words, a line a message: for who does not see the picture. */
export function tellDiagram(text) {
  const names = new Map();
  const lines = [];
  for (const line of text.split("\n")) {
    const known = /^\s*(?:participant|actor)\s+(\S+)(?:\s+as\s+(.+))?$/.exec(line);
    const arrow = ARROW.exec(line);
    const note = /^\s*note\s+(?:over|left of|right of)\s+([^:]+):\s*(.+)$/i.exec(line);
    const frame = /^\s*(loop|alt|else|opt|par|and)\s+(.+)$/.exec(line);
    const name = (short) => names.get(short) ?? short;
    if (known) names.set(known[1], (known[2] ?? known[1]).trim());
    else if (arrow) lines.push(`${name(arrow[1])} to ${name(arrow[3])}: ${arrow[4]}`);
    else if (note)
      lines.push(
        `${note[1]
          .split(",")
          .map((short) => name(short.trim()))
          .join(", ")}: ${note[2]}`,
      );
    else if (frame) lines.push(`${frame[1] === "loop" ? "again" : frame[1]}: ${frame[2]}`);
  }
  return lines.map((line) => `<li>${escapeHtml(line)}</li>`).join("");
}
