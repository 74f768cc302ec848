// HTML as text: what is put into a template by `html` is escaped, unless it is HTML itself.

class Html {
  constructor(text) {
    this.text = text;
  }
  toString() {
    return this.text;
  }
}

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

export const escapeHtml = (text) => String(text).replace(/[&<>"]/g, (character) => ESCAPES[character]);

/** Marks text that is HTML already. */
export const raw = (text) => new Html(String(text));

const put = (value) => {
  if (value === undefined || value === null || value === false) return "";
  if (Array.isArray(value)) return value.map(put).join("");
  return value instanceof Html ? value.text : escapeHtml(value);
};

/** A template of HTML. Lists are joined; `undefined`, `null` and `false` are nothing. */
export const html = (strings, ...values) =>
  new Html(strings.reduce((text, piece, index) => text + put(values[index - 1]) + piece));
