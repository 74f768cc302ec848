/** The README shows the examples as they are, and this runs them. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { ReuploadProvider } from "@reupload/react";
import { render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { OwnList } from "../examples/own-list.js";
import { PhotoButton } from "../examples/photo-button.js";
import { Receipts } from "../examples/receipts.js";
import { defaultLabels } from "../src/index.js";
import { app, choose, client, drop, fileOf, quick, withApp } from "./support/kit.js";

withApp();

const here = (name: string) => path.join(import.meta.dirname, "..", name);
const readme = readFileSync(here("README.md"), "utf8");

test.each(readdirSync(here("examples")))("README has examples/%s", (name) => {
  expect(readme).toContain(`\n${readFileSync(here(`examples/${name}`), "utf8")}\`\`\`\n`);
});

test("README names every variable of the theme, with its default", () => {
  const css = readFileSync(here("src/styles/theme.css"), "utf8");
  const settable = new Set(Array.from(css.matchAll(/var\((--reupload-(?!default)[\w-]+)/g), ([, name]) => name));
  expect(settable.size).toBeGreaterThan(15);
  for (const name of settable) expect(readme).toContain(`\`${name}\``);
});

test("README names every text", () => {
  for (const name of Object.keys(defaultLabels)) expect(readme).toContain(`\`${name}\``);
});

test("the first example uploads", async () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  const toApp: typeof fetch = (url, init) => realFetch(String(url).replace("/api/reupload", app.apiUrl), init);
  const realFetch = globalThis.fetch;
  vi.stubGlobal("fetch", toApp);
  render(<Receipts />);
  await choose(fileOf("a.pdf"));
  await vi.waitFor(() => expect(log).toHaveBeenCalledWith("stored as", "f1"), 10_000);
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test("the render prop and the hook", async () => {
  render(
    <ReuploadProvider client={client} {...quick}>
      <PhotoButton />
      <OwnList />
    </ReuploadProvider>,
  );
  expect(screen.getByRole("button", { name: "Add a photo" })).toBeTruthy();
  drop([fileOf("a.pdf")], screen.getByRole("region", { name: "Attachments" }));
  expect(await screen.findByText(/a.pdf: completed/)).toBeTruthy();
});
