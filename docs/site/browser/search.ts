import { excerpt, marked } from "./excerpt";
import { find, readIndex } from "./ranking";

const MOST = 20;

let index: ReturnType<typeof load> | undefined;

async function load() {
  const response = await fetch(document.documentElement.dataset.search ?? "");
  if (!response.ok) throw new Error(`The search index could not be loaded: ${response.status}.`);
  return readIndex(await response.text());
}

/** The button in the header and its dialog: by click, by `/`, by Ctrl+K or Command+K. The index is loaded at the first opening. */
export function offerSearch(): void {
  const button = document.querySelector<HTMLButtonElement>(".search-open");
  if (!button) return;
  const dialog = new SearchDialog();
  button.setAttribute("aria-label", "Search");
  button.hidden = false;
  button.addEventListener("click", () => dialog.open());
  addEventListener("keydown", (event) => {
    const typing =
      event.target instanceof HTMLElement && event.target.matches("input, textarea, select, [contenteditable]");
    const slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey;
    if (!slash && !((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k")) return;
    event.preventDefault();
    dialog.open();
  });
}

class SearchDialog {
  readonly #dialog = document.createElement("dialog");
  readonly #input = document.createElement("input");
  readonly #list = document.createElement("div");
  readonly #status = document.createElement("div");
  #chosen = 0;

  constructor() {
    const label = document.createElement("label");
    this.#dialog.className = "search";
    this.#dialog.setAttribute("aria-label", "Search the documentation");
    Object.assign(this.#input, { type: "text", placeholder: "Search the documentation", autocomplete: "off" });
    this.#input.setAttribute("role", "combobox");
    this.#input.setAttribute("aria-label", "Search the documentation");
    this.#input.setAttribute("aria-controls", "results");
    this.#input.setAttribute("aria-expanded", "false");
    this.#input.setAttribute("aria-autocomplete", "list");
    this.#list.id = "results";
    this.#list.setAttribute("role", "listbox");
    this.#list.setAttribute("aria-label", "Results");
    this.#status.setAttribute("role", "status");
    label.append(document.querySelector(".search-open .icon")?.cloneNode(true) ?? "", this.#input);
    this.#dialog.append(label, this.#list, this.#status);
    this.#input.addEventListener("input", () => this.#search());
    this.#input.addEventListener("keydown", (event) => this.#press(event));
    this.#dialog.addEventListener("click", (event) => event.target === this.#dialog && this.#dialog.close());
    document.body.append(this.#dialog);
  }

  open(): void {
    index ??= load();
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#input.select();
    this.#search();
  }

  async #search(): Promise<void> {
    const words = this.#input.value.trim();
    try {
      const known = await index;
      const found = known && words ? find(known, words).slice(0, MOST) : [];
      if (words === this.#input.value.trim()) this.#show(words, found);
    } catch (error) {
      index = undefined;
      this.#status.textContent = (error as Error).message;
    }
  }

  #show(words: string, found: ReturnType<typeof find>): void {
    this.#list.replaceChildren(
      ...found.map((result, place) => {
        const option = document.createElement("div");
        const where = document.createElement("div");
        const what = document.createElement("div");
        option.id = `result-${place}`;
        option.setAttribute("role", "option");
        where.className = "where";
        what.className = "what";
        for (const part of [result.title, result.heading].filter(Boolean)) {
          const span = document.createElement("span");
          span.append(...marked(part, result.terms));
          where.append(span);
        }
        what.append(...marked(excerpt(result.text, result.terms), result.terms));
        option.append(where, what);
        option.addEventListener("click", () => this.#go(result.id));
        option.addEventListener("mousemove", () => this.#choose(place));
        option.dataset.address = result.id;
        return option;
      }),
    );
    this.#input.setAttribute("aria-expanded", String(found.length > 0));
    this.#status.textContent = found.length
      ? ""
      : words
        ? `Nothing is found for “${words}”.`
        : "Type what you look for.";
    this.#choose(0);
  }

  #choose(place: number): void {
    const options = [...this.#list.children];
    this.#chosen = options.length ? (place + options.length) % options.length : 0;
    for (const [index, option] of options.entries())
      option.setAttribute("aria-selected", String(index === this.#chosen));
    if (options.length) this.#input.setAttribute("aria-activedescendant", `result-${this.#chosen}`);
    else this.#input.removeAttribute("aria-activedescendant");
    options[this.#chosen]?.scrollIntoView({ block: "nearest" });
  }

  #press(event: KeyboardEvent): void {
    if (event.key === "ArrowDown") this.#choose(this.#chosen + 1);
    else if (event.key === "ArrowUp") this.#choose(this.#chosen - 1);
    else if (event.key === "Enter")
      this.#go(this.#list.querySelector<HTMLElement>(`#result-${this.#chosen}`)?.dataset.address);
    else return;
    event.preventDefault();
  }

  #go(address: string | undefined): void {
    if (!address) return;
    this.#dialog.close();
    location.assign(address);
  }
}
