// A browser that reads the documentation of a real server, and remembers what went wrong and who was asked.

import assert from "node:assert/strict";
import { launchBrowser, Reupload } from "./harness.mjs";

/** A server and a browser beside it. `docs` is the origin of the pages. */
export class Reader {
  /** The addresses that were asked. */
  addresses = [];
  /** What scripts and the policy complained of, and answers of 5xx. */
  #complaints = [];
  #browser;

  static async start() {
    const reader = new Reader();
    [reader.server, reader.#browser] = await Promise.all([Reupload.start(), launchBrowser()]);
    reader.docs = reader.server.apiOrigin;
    return reader;
  }

  async stop() {
    await this.#browser.close();
    await this.server.stop();
  }

  /** A page with a memory of its own. */
  async page(options = {}) {
    const context = await this.#browser.newContext({ viewport: { width: 1280, height: 860 }, reducedMotion: "reduce", ...options });
    const page = await context.newPage();
    const complain = (what) => this.#complaints.push(`${page.url()}: ${what}`);
    page.setDefaultTimeout(15_000);
    page.on("console", (message) => {
      // Chromium's own line about a 4xx that a page asked for and shows; faults of scripts and of the policy are other lines.
      const isRefusal = /^Failed to load resource: .* status of 4\d\d/.test(message.text());
      if (["error", "warning"].includes(message.type()) && !isRefusal) complain(message.text());
    });
    page.on("response", (response) => response.status() >= 500 && complain(`${response.status()} ${response.url()}`));
    page.on("pageerror", complain);
    page.on("request", (request) => /^https?:/.test(request.url()) && this.addresses.push(request.url()));
    return page;
  }

  /** The text at a path. */
  async text(path) {
    return (await fetch(this.docs + path)).text();
  }

  /** Throws if a script failed, the policy reported anything, or another host than this server's two was asked. */
  assertQuiet() {
    assert.deepEqual(this.#complaints, []);
    const own = [this.docs, new URL(this.server.cdn).origin];
    assert.deepEqual(this.addresses.filter((address) => !own.includes(new URL(address).origin)), []);
  }
}

/** Waits for a page of this title. */
export const heading = (page, name) => page.getByRole("heading", { level: 1, name, exact: true }).waitFor();
