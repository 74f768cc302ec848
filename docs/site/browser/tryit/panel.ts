// The panel of one operation's page.

import { curl, pythonSample, typescriptSample } from "../../shared/samples.js";
import { addCopyButtons } from "../copy";
import { element } from "../elements";
import { figure } from "../figure";
import { offerSamples } from "../samples";
import { Access } from "./access";
import { showAnswer, showFailure, understand } from "./answer";
import { Fields } from "./fields";
import { FileChoice } from "./file";
import { keep, kept, learn, type Name } from "./kept";
import { assemble, typeOf, Unfit } from "./request";
import { send } from "./send";
import type { Spec } from "./spec";

/** How often, in milliseconds, an upload is asked for until it is ready. */
const PAUSE = 1000;
const FINAL = ["COMPLETED", "FAILED", "CANCELLED"];

export class Panel {
  readonly #spec: Spec;
  readonly #fields: Fields;
  readonly #access: Access | undefined;
  readonly #choice: FileChoice | undefined;
  readonly #shown = element("div", { class: "samples" });
  readonly #answer = element("div", { class: "try-answer" });
  readonly #send = element("button", { type: "submit", class: "button primary" }, "Send");
  readonly #stop = element("button", { type: "button", class: "button", hidden: true }, "Stop");
  readonly #progress = element("progress", { max: "1", value: "0", hidden: true, "aria-label": "Sent" });
  readonly #poll = element("input", { type: "checkbox", id: "try-poll", checked: true });
  #running: AbortController | undefined;

  constructor(place: HTMLElement, spec: Spec) {
    this.#spec = spec;
    this.#fields = new Fields(spec, () => this.#edited());
    if (spec.needsKey) this.#access = new Access(() => this.#refill());
    const declares = spec.fields.some(({ name }) => name === "contentType");
    if (declares || spec.body === "form" || spec.body === "file")
      this.#choice = new FileChoice((file) => this.#describe(file));
    const form = element(
      "form",
      {
        class: "try-form",
        novalidate: true,
        "aria-label": "Try it",
        onsubmit: (event) => {
          event.preventDefault();
          this.#run();
        },
      },
      element("h2", {}, "Try it"),
      this.#access?.element,
      this.#choice?.element,
      this.#fields.element,
      this.#isPolled &&
        element(
          "div",
          { class: "try-check" },
          this.#poll,
          element("label", { for: "try-poll" }, "Ask again until it is ready"),
        ),
      spec.isDangerous && element("p", { class: "try-warning" }, "This deletes for real, and nothing brings it back."),
      element("div", { class: "try-row" }, this.#send, this.#stop, this.#progress),
    );
    this.#stop.addEventListener("click", () => this.#running?.abort());
    place.append(
      form,
      element("div", { class: "try-request" }, element("h3", {}, "Request"), this.#shown),
      this.#answer,
    );
    this.#refill();
  }

  get #isPolled(): boolean {
    return this.#spec.operation === "get_session";
  }

  /** What was learned before goes into the fields of the same names. */
  #refill(): void {
    const { key, made, ...rest } = kept();
    this.#fields.fill({ ...rest, fileIds: rest.fileId });
    this.#draw();
  }

  #describe(file: File | undefined): void {
    // A form carries the file's own name and type.
    if (file && this.#spec.body === "json") {
      this.#fields.fill({ filename: file.name, contentType: typeOf(file), size: String(file.size) });
    }
    this.#draw();
  }

  #edited(): void {
    const { values } = this.#fields;
    const names: Name[] = ["projectId", "uploadId", "fileId", "uploadUrl", "url"];
    keep(Object.fromEntries(names.filter((name) => values[name]).map((name) => [name, values[name]])));
    this.#draw();
  }

  /** Shows the request as it would be sent now. */
  #draw(): void {
    const sent = assemble(this.#spec, this.#fields.values, this.#choice?.file, true);
    const { operation, needsKey } = this.#spec;
    const samples = [
      ["curl", "bash", curl(sent, location.origin, needsKey)],
      ["Python", "python", pythonSample(operation, sent)],
      ["TypeScript", "typescript", typescriptSample(operation, sent)],
    ] as const;
    this.#shown.replaceChildren(
      ...samples.flatMap(([name, language, code]) =>
        code ? [element("div", { "data-sample": name }, figure(name, language, code))] : [],
      ),
    );
    addCopyButtons(this.#shown);
    offerSamples(this.#shown.parentElement ?? document);
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = new AbortController();
    this.#answer.replaceChildren();
    this.#busy(true);
    try {
      await this.#call(this.#running.signal);
    } catch (error) {
      const { message } = error as Error;
      if (!(error instanceof Unfit && this.#fields.blame(error.field, message))) showFailure(this.#answer, message);
    }
    this.#running = undefined;
    this.#busy(false);
  }

  async #call(signal: AbortSignal): Promise<void> {
    const file = this.#choice?.file;
    const sent = assemble(this.#spec, this.#fields.values, file);
    const key = await this.#access?.key();
    for (;;) {
      const answer = await send(sent, key, file, (loaded, total) => this.#advance(loaded, total), signal);
      const understood = await understand(answer);
      showAnswer(this.#answer, answer, understood);
      this.#answer.scrollIntoView({ block: "nearest", behavior: "smooth" });
      if (answer.status === 401) this.#access?.forgetMade();
      if (answer.status >= 400) return;
      // What the CDN host sends may be a file, which anybody may have made: nothing in it leads anywhere.
      const json = this.#spec.isCdn ? undefined : understood.json;
      learn(json);
      const status = (json?.session as { status?: string } | undefined)?.status;
      if (!this.#isPolled || FINAL.includes(status ?? "")) return this.#offerNext(json, status);
      if (!this.#poll.checked) return;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
      if (signal.aborted) throw new DOMException("Stopped.", "AbortError");
    }
  }

  #offerNext(json: Record<string, unknown> | undefined, status: string | undefined): void {
    const url = (json?.access as { url?: string } | undefined)?.url;
    const next = this.#spec.next;
    const goes = next && (!status || status === "COMPLETED");
    const row = element(
      "div",
      { class: "try-row" },
      goes && element("a", { class: "button primary next-step", href: next.address }, `Next: ${next.title}`),
      url !== undefined &&
        element("a", { class: "button", href: url, target: "_blank", rel: "noreferrer" }, "Open the file"),
    );
    if (row.childElementCount) this.#answer.querySelector(".try-status")?.after(row);
  }

  #advance(loaded: number, total: number): void {
    this.#progress.hidden = false;
    this.#progress.max = total;
    this.#progress.value = loaded;
  }

  #busy(is: boolean): void {
    this.#send.disabled = is;
    this.#stop.hidden = !is;
    this.#progress.hidden = true;
    if (is) this.#progress.value = 0;
  }
}
