// What the server answered: status, time, and the body as far as it can be shown.

import { addCopyButtons } from "../copy";
import { element } from "../elements";
import { figure } from "../figure";
import type { Answer } from "./send";

const MOST = 20_000;

/** What is understood of a body. */
export type Understood = { json?: Record<string, unknown>; text?: string; picture?: string };

/** Reads a body as JSON, text or a picture, whichever its type says. */
export async function understand(answer: Answer): Promise<Understood> {
  const type = answer.body.type;
  if (/json/.test(type)) {
    const text = await answer.body.text();
    try {
      return { json: JSON.parse(text) };
    } catch {
      return { text };
    }
  }
  if (type.startsWith("image/")) return { picture: URL.createObjectURL(answer.body) };
  if (/^text\//.test(type) || !type) return { text: (await answer.body.text()).slice(0, MOST) };
  return {};
}

/** Shows an answer in `place`. */
export function showAnswer(place: HTMLElement, answer: Answer, { json, text, picture }: Understood): void {
  const good = answer.status < 400;
  const badge = element("span", { class: good ? "status good" : "status bad" }, `${answer.status} ${answer.words}`);
  const line = element("p", { class: "try-status", role: "status" }, badge, ` in ${answer.took} ms`);
  place.replaceChildren(line);
  if (!good && typeof json?.message === "string") {
    const errors = element("a", { href: `/docs/reference/errors#${json.error}` }, String(json.error));
    place.append(element("p", { class: "try-error" }, json.message, " ", errors));
  }
  const headers = answer.headers.map(([name, value]) => `${name}: ${value}`).join("\n");
  if (json) place.append(figure("Answer", "json", shorten(JSON.stringify(json, null, 2))));
  else if (picture) place.append(element("img", { src: picture, alt: "The picture that was answered" }));
  else if (text) place.append(figure("Answer", "", text));
  else place.append(element("p", { class: "type" }, `${answer.body.size} bytes`));
  if (headers) place.append(element("details", {}, element("summary", {}, "Headers"), figure("Headers", "", headers)));
  addCopyButtons(place);
}

/** Shows why there is no answer. */
export function showFailure(place: HTMLElement, words: string): void {
  place.replaceChildren(element("p", { class: "try-error", role: "alert" }, words));
}

const shorten = (text: string) =>
  text.length > MOST ? `${text.slice(0, MOST)}\n… and ${text.length - MOST} more characters` : text;
