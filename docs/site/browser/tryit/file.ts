// The file: chosen or dropped once, and there on every page.

import { element } from "../elements";
import { chosenFile, forgetFile, keepFile } from "./chosen";
import { typeOf } from "./request";

const units = ["B", "kB", "MB", "GB"];

function bytes(size: number): string {
  const step = Math.min(Math.floor(Math.log10(Math.max(size, 1)) / 3), units.length - 1);
  return `${Number((size / 1000 ** step).toPrecision(3))} ${units[step]}`;
}

/** `onChoose` is called with each file, also with the one of the page before. */
export class FileChoice {
  readonly element = element("div", { class: "try-file" });
  readonly #said = element("p", { role: "status" });
  readonly #forget = element("button", { type: "button", class: "link" }, "Forget it");
  file: File | undefined;

  constructor(readonly onChoose: (file: File | undefined) => void) {
    const input = element("input", { type: "file", id: "try-file", class: "unseen" });
    const sample = element("button", { type: "button", class: "link" }, "Take an example");
    input.addEventListener("change", () => input.files?.[0] && this.#take(input.files[0], true));
    sample.addEventListener("click", () => {
      this.#take(new File(["Hello from the documentation of Reupload.\n"], "hello.txt", { type: "text/plain" }), true);
    });
    this.#forget.addEventListener("click", () => {
      input.value = "";
      this.#take(undefined, true);
    });
    this.element.append(
      element(
        "div",
        { class: "try-row" },
        input,
        element("label", { for: "try-file", class: "button" }, "Choose a file"),
        sample,
        this.#forget,
      ),
      this.#said,
    );
    this.element.addEventListener("dragover", (event) => event.preventDefault());
    this.element.addEventListener("drop", (event) => {
      event.preventDefault();
      const [dropped] = event.dataTransfer?.files ?? [];
      if (dropped) this.#take(dropped, true);
    });
    this.#take(undefined, false);
    chosenFile().then((before) => before && !this.file && this.#take(before, false));
  }

  #take(file: File | undefined, isNew: boolean): void {
    this.file = file;
    this.#forget.hidden = !file;
    this.#said.textContent = file
      ? `${file.name}, ${typeOf(file)}, ${bytes(file.size)}. Kept in this browser until you forget it.`
      : "Choose it once; every page of the flow uses it. Or drop it here.";
    if (isNew) file ? keepFile(file) : forgetFile();
    this.onChoose(file);
  }
}
