// Which project, and by which key: chosen and made for who is signed in, else pasted.

import { element } from "../elements";
import { endKey, makeKey, ownProjects, type Project } from "./account";
import { keep, kept } from "./kept";
import { isHeaderText } from "./request";

/** The upper part of the panel. `onChange` hears of another project. */
export class Access {
  readonly element = element("div", { class: "try-access" });
  readonly #key = element("input", {
    id: "try-key",
    type: "password",
    autocomplete: "off",
    spellcheck: "false",
    placeholder: "ru_…",
  });
  readonly #said = element("small", { id: "try-key-words" });
  #projects: Project[] = [];

  constructor(readonly onChange: () => void) {
    this.#key.value = kept().key ?? "";
    this.#key.setAttribute("aria-describedby", "try-key-words");
    this.#key.addEventListener("input", () => keep({ key: this.#key.value.trim() || undefined, made: undefined }));
    const label = element("label", { for: "try-key" }, "API key");
    this.element.append(element("div", { class: "try-field" }, label, this.#key, this.#said));
    this.#said.textContent = "Kept in this tab only. Sign in to the dashboard, and a key is made for you.";
    this.#offerProjects();
  }

  async #offerProjects(): Promise<void> {
    this.#projects = await ownProjects();
    const [first] = this.#projects;
    if (!first) return;
    if (!this.#projects.some(({ id }) => id === kept().projectId)) {
      // Somebody else was here, or the project is gone.
      keep({ projectId: first.id });
      this.forgetMade();
    }
    const many = new Set(this.#projects.map(({ workspace }) => workspace)).size > 1;
    const options = this.#projects.map(({ id, name, workspaceName }) =>
      element("option", { value: id, selected: id === kept().projectId }, many ? `${workspaceName}: ${name}` : name),
    );
    const select = element("select", { id: "try-project" }, ...options);
    select.addEventListener("change", () => {
      keep({ projectId: select.value });
      // A key that was made here is for the other project.
      this.forgetMade();
      this.onChange();
    });
    const label = element("label", { for: "try-project" }, "Your project");
    this.element.prepend(element("div", { class: "try-field" }, label, select));
    this.#said.textContent =
      "Leave it empty: the first call makes a key for this project that is good for an hour. It is kept in this tab only.";
    this.onChange();
  }

  /** The key to call with; makes one if there is none and somebody is signed in. */
  async key(): Promise<string> {
    const typed = this.#key.value.trim().replace(/^Bearer\s+/i, "");
    if (typed && !isHeaderText(typed)) {
      this.#key.focus();
      throw new Error("This is not a whole API key: it is ru_ and 36 letters and digits. Copy it anew.");
    }
    if (typed) return typed;
    const project = this.#projects.find(({ id }) => id === kept().projectId);
    if (!project) {
      this.#key.focus();
      throw new Error("Paste an API key first. “reupload dev” prints one and writes it to reupload-data/dev.env.");
    }
    const made = await makeKey(project);
    this.#key.value = made.secret;
    keep({ key: made.secret, made: made.path });
    return made.secret;
  }

  /** Ends a key that was made here and is not wanted or does not work any more; the next call makes another. */
  forgetMade(): void {
    const { made } = kept();
    if (!made) return;
    endKey(made);
    keep({ key: undefined, made: undefined });
    this.#key.value = "";
  }
}
