// Code that is made in the browser looks as that of the build does.

import highlighter from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import json from "highlight.js/lib/languages/json";
import python from "highlight.js/lib/languages/python";
import typescript from "highlight.js/lib/languages/typescript";
import { element } from "./elements";

for (const [name, language] of Object.entries({ bash, json, python, typescript })) {
  highlighter.registerLanguage(name, language);
}

/** Beyond this, code is shown without colors: it would take long. */
const MOST = 50_000;

/** A block of code with a caption. */
export function figure(caption: string, language: string, code: string): HTMLElement {
  const shown = element("code");
  if (language && code.length < MOST) shown.innerHTML = highlighter.highlight(code, { language }).value;
  else shown.textContent = code;
  const pre = element("pre", { tabindex: "0", role: "group", "aria-label": caption }, shown);
  return element("figure", { class: "code" }, element("figcaption", {}, caption), pre);
}
