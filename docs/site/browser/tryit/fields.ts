// The fields of a request.

import { element } from "../elements";
import type { Field, Spec, Values } from "./spec";

type Input = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** The inputs of an operation: the required ones and a few others in sight, the rest behind "More fields". */
export class Fields {
  readonly element = element("div", { class: "try-fields" });
  readonly #inputs = new Map<string, Input>();

  constructor(spec: Spec, onChange: () => void) {
    const shown = spec.fields.filter((field) => field.required || spec.fields.length <= 3);
    const more = spec.fields.filter((field) => !shown.includes(field));
    this.element.append(...shown.map((field) => this.#row(field)));
    if (more.length) {
      const summary = element("summary", {}, shown.length ? "More fields" : "Fields");
      this.element.append(element("details", {}, summary, ...more.map((field) => this.#row(field))));
    }
    this.element.addEventListener("input", () => {
      for (const input of this.#inputs.values()) input.removeAttribute("aria-invalid");
      onChange();
    });
  }

  #row(field: Field): HTMLElement {
    const id = `try-${field.name}`;
    const input = inputOf(field, id);
    this.#inputs.set(field.name, input);
    const words = field.words && element("small", { id: `${id}-words` }, field.words);
    if (words) input.setAttribute("aria-describedby", `${id}-words`);
    const name = element(
      "label",
      { for: id },
      field.name,
      !field.required && element("span", { class: "type" }, " optional"),
    );
    return element("div", { class: "try-field" }, name, input, words || undefined);
  }

  get values(): Values {
    return Object.fromEntries([...this.#inputs].map(([name, input]) => [name, input.value]));
  }

  /** Puts values into fields of these names; undefined leaves a field as it is. */
  fill(values: Record<string, string | undefined>): void {
    for (const [name, value] of Object.entries(values)) {
      const input = this.#inputs.get(name);
      if (input && value !== undefined) input.value = value;
    }
  }

  /** Shows which one is at fault. */
  blame(name: string): void {
    const input = this.#inputs.get(name);
    input?.closest("details")?.setAttribute("open", "");
    input?.setAttribute("aria-invalid", "true");
    input?.focus();
  }
}

function inputOf(field: Field, id: string): Input {
  const choices = field.kind === "flag" ? ["true", "false"] : field.values;
  if (choices) {
    const options = choices.map((value) => element("option", { value }, value));
    return element("select", { id }, element("option", { value: "" }, "not given"), ...options);
  }
  const tall = field.kind === "json" || field.kind === "list";
  const attributes = { id, autocomplete: "off", spellcheck: "false" };
  if (tall)
    return element("textarea", {
      ...attributes,
      rows: "2",
      placeholder: field.kind === "list" ? "One on each line" : "JSON",
    });
  return element("input", { ...attributes, type: "text", ...(field.kind === "integer" && { inputmode: "numeric" }) });
}
