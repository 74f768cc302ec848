// The documentation as the binary serves it, read and searched; tests/tryit.test.mjs tries it out.
// E2E_SCREENSHOTS=FOLDER keeps a picture of each page, wide and narrow, light and dark.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import axe from "axe-core";
import { pool } from "../harness.mjs";
import { heading, Reader } from "../reader.mjs";

let reader;
before(async () => {
  reader = await Reader.start();
});
after(() => reader?.stop());

test("every page is without fault for axe, wide and narrow, light and dark", { timeout: 1_200_000 }, async () => {
  const list = await reader.text("/docs/llms.txt");
  const paths = ["/docs", ...[...list.matchAll(/\]\((\/docs\/[^)]+)\.md\)/g)].map(([, path]) => path)];
  assert.ok(paths.length > 40, "llms.txt lists the pages");
  const lanes = await Promise.all([reader.page(), reader.page()]);
  const faults = await pool(2, paths, async (path, lane) => {
    const page = lanes[lane];
    await page.setViewportSize({ width: 1280, height: 860 });
    const response = await page.goto(reader.docs + path);
    assert.equal(response.status(), 200, path);
    if (path === "/docs/api") await page.locator(".opblock").first().waitFor();
    await page.evaluate(axe.source);
    const found = [];
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 860 });
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (wider > 0) found.push(`${path} at ${width}: ${wider} px wider than the window`);
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        // Of all rules only that of contrast can find something else in the other theme.
        const rules = colorScheme === "light" ? {} : { runOnly: ["color-contrast"] };
        const { violations } = await page.evaluate((options) => window.axe.run(options), rules);
        found.push(...violations.map(({ id, nodes }) => `${path} ${width} ${colorScheme} ${id}: ${nodes[0].html.slice(0, 200)} ${nodes[0].failureSummary}`));
        if (process.env.E2E_SCREENSHOTS) {
          const name = `docs${path.slice(5).replaceAll("/", "-")}-${width}-${colorScheme}.png`;
          await page.screenshot({ path: join(process.env.E2E_SCREENSHOTS, name) });
        }
      }
    }
    return found;
  });
  assert.deepEqual(faults.flat(), []);
});

test("the search is opened, walked and followed by keys alone", async () => {
  const page = await reader.page();
  await page.goto(`${reader.docs}/docs`);
  await page.keyboard.press("/");
  const input = page.getByRole("combobox", { name: "Search the documentation" });
  await input.pressSequentially("idempotency");
  const options = page.getByRole("option");
  await options.nth(1).waitFor();
  assert.equal(await options.nth(0).getAttribute("aria-selected"), "true");
  await page.keyboard.press("ArrowDown");
  assert.equal(await options.nth(1).getAttribute("aria-selected"), "true");
  assert.equal(await input.getAttribute("aria-activedescendant"), await options.nth(1).getAttribute("id"));
  await input.fill("");
  await input.pressSequentially("open an upload session");
  await options.filter({ hasText: "Open an upload session" }).first().waitFor();
  await page.keyboard.press("Enter");
  await heading(page, "Open an upload session");
  await page.keyboard.press("Control+k");
  await input.fill("qqqqq");
  await page.getByText("Nothing is found for “qqqqq”.").waitFor();
  await page.keyboard.press("Escape");
  await input.waitFor({ state: "hidden" });
});

test("the theme follows the system until somebody chooses, and is remembered", async () => {
  const page = await reader.page({ colorScheme: "light" });
  await page.goto(`${reader.docs}/docs`);
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await ground();
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await ground();
  assert.notEqual(light, dark);
  await page.emulateMedia({ colorScheme: "light" });
  await page.getByRole("button", { name: "Dark theme", pressed: false }).click();
  assert.equal(await ground(), dark);
  await page.goto(`${reader.docs}/docs/reference/errors`);
  assert.equal(await ground(), dark);
  await page.getByRole("button", { name: "Dark theme", pressed: true }).click();
  assert.equal(await ground(), light);
  assert.equal(await page.evaluate(() => localStorage.getItem("reupload.theme")), null);
});

test("without scripts all of it can be read and walked, on a phone too", async () => {
  const page = await reader.page({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
  await page.goto(`${reader.docs}/docs/api/create_session`);
  for (const name of ["curl", "Python", "TypeScript", "Answer 201"]) await page.getByRole("group", { name, exact: true }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Send", exact: true }).count(), 0);
  const pages = page.getByRole("navigation", { name: "Pages" });
  assert.equal(await pages.isVisible(), false);
  await page.getByRole("link", { name: "Menu", exact: true }).click();
  await pages.getByRole("link", { name: "Reference", exact: true }).click();
  await heading(page, "Errors");
  await page.getByRole("link", { name: "This page as Markdown" }).click();
  assert.match(await page.locator("body").textContent(), /^# Errors/);
});

test("paper has what has to be opened or chosen on a screen, and no panel", async () => {
  const page = await reader.page();
  await page.goto(`${reader.docs}/docs/api/get_session`);
  await sendButton(page).waitFor();
  const samples = page.locator(".example [data-sample]");
  const inside = page.locator(".about details .field").first();
  assert.deepEqual([await inside.isVisible(), await samples.nth(1).isVisible()], [false, false]);
  await page.emulateMedia({ media: "print" });
  for (const place of [inside, samples.nth(0), samples.nth(1), samples.nth(2)]) assert.ok(await place.isVisible());
  for (const gone of [sendButton(page), page.getByRole("tablist").first()]) assert.equal(await gone.isVisible(), false);
});

test("paper is light, whichever theme the screen has", async () => {
  const page = await reader.page({ colorScheme: "light" });
  await page.goto(`${reader.docs}/docs`);
  await page.getByRole("button", { name: "Dark theme", pressed: false }).click();
  const scheme = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
  for (const path of ["/docs/start", "/docs/api"]) {
    await page.emulateMedia({ media: "screen" });
    await page.goto(reader.docs + path);
    if (path === "/docs/api") await page.locator(".opblock").first().waitFor();
    assert.equal(await scheme(), "dark", path);
    await page.emulateMedia({ media: "print" });
    assert.equal(await scheme(), "light", path);
  }
});

const sendButton = (page) => page.getByRole("button", { name: "Send", exact: true });

test("a block of code is copied as it is", async () => {
  const page = await reader.page({ permissions: ["clipboard-read", "clipboard-write"] });
  await page.goto(`${reader.docs}/docs/api/whoami`);
  const block = page.locator(".example figure").first();
  await block.getByRole("button", { name: "Copy" }).click();
  await block.getByRole("button", { name: "Copied" }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await block.locator("code").textContent());
});

test("the OpenAPI UI calls this server", async () => {
  const page = await reader.page();
  await page.goto(`${reader.docs}/docs/api/`);
  const whoami = page.locator("#operations-keys-whoami");
  await page.getByRole("button", { name: "Authorize" }).first().click();
  await page.getByLabel("Value: the key").fill(reader.server.key);
  await page.locator(".auth-btn-wrapper").getByRole("button", { name: "Authorize" }).click();
  await page.locator(".auth-btn-wrapper").getByRole("button", { name: "Close" }).click();
  await whoami.locator(".opblock-summary-control").click();
  await whoami.getByRole("button", { name: "Execute" }).click();
  await whoami.locator(".live-responses-table").getByText(reader.server.project).first().waitFor();
});

test("an address that is not there says so, in the frame of the site", async () => {
  const page = await reader.page();
  const response = await page.goto(`${reader.docs}/docs/guides/absent`);
  assert.equal(response.status(), 404);
  await heading(page, "There is no such page");
  await page.getByRole("navigation", { name: "Parts" }).getByRole("link", { name: "API", exact: true }).click();
  await heading(page, "API reference");
});

test("llms.txt and the Markdown of a page are plain text", async () => {
  for (const path of ["/llms.txt", "/docs/llms.txt"]) {
    const response = await fetch(reader.docs + path);
    assert.match(response.headers.get("content-type"), /^text\/plain/);
    assert.match(await response.text(), /^# Reupload\n/);
  }
  assert.match(await reader.text("/docs/reference/errors.md"), /^# Errors\n/);
});

test("no script failed, the policy reported nothing, and only this server was asked", () => reader.assertQuiet());
