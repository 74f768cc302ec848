// The documentation as the binary serves it: read, searched, and tried out with real uploads.
// E2E_SCREENSHOTS=FOLDER keeps a picture of each page, wide and narrow, light and dark.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import axe from "axe-core";
import { launchBrowser, pool, Reupload } from "../harness.mjs";

let server, browser, docs;
/** What scripts and the policy complained of, answers of 5xx, and which origins were asked. */
const complaints = [];
const asked = new Set();
const addresses = [];

before(async () => {
  [server, browser] = await Promise.all([Reupload.start(), launchBrowser()]);
  docs = server.apiOrigin;
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function newPage(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on("console", (message) => {
    // Chromium's own line about a 4xx that a page asked for and shows; faults of scripts and of the policy are other lines.
    const isRefusal = /^Failed to load resource: .* status of 4\d\d/.test(message.text());
    if (["error", "warning"].includes(message.type()) && !isRefusal) complaints.push(`${page.url()}: ${message.text()}`);
  });
  page.on("response", (response) => response.status() >= 500 && complaints.push(`${response.status()} ${response.url()}`));
  page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error}`));
  page.on("request", (request) => {
    if (!/^https?:/.test(request.url())) return;
    asked.add(new URL(request.url()).origin);
    addresses.push(request.url());
  });
  return page;
}

const text = async (path) => (await fetch(docs + path)).text();
const sendButton = (page) => page.getByRole("button", { name: "Send", exact: true });
const heading = (page, name) => page.getByRole("heading", { level: 1, name, exact: true }).waitFor();
const answered = async (page, status) => {
  await page.locator(".try-status").filter({ hasText: status }).waitFor();
  return JSON.parse(await page.getByRole("group", { name: "Answer", exact: true }).textContent());
};

test("every page is without fault for axe, wide and narrow, light and dark", { timeout: 1_200_000 }, async () => {
  const list = await text("/docs/llms.txt");
  const paths = ["/docs", ...[...list.matchAll(/\]\((\/docs\/[^)]+)\.md\)/g)].map(([, path]) => path)];
  assert.ok(paths.length > 40, "llms.txt lists the pages");
  const lanes = await Promise.all([newPage(), newPage()]);
  const faults = await pool(2, paths, async (path, lane) => {
    const page = lanes[lane];
    await page.setViewportSize({ width: 1280, height: 860 });
    const response = await page.goto(docs + path);
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
  const page = await newPage();
  await page.goto(`${docs}/docs`);
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
  const page = await newPage({ colorScheme: "light" });
  await page.goto(`${docs}/docs`);
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await ground();
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await ground();
  assert.notEqual(light, dark);
  await page.emulateMedia({ colorScheme: "light" });
  await page.getByRole("button", { name: "Dark theme", pressed: false }).click();
  assert.equal(await ground(), dark);
  await page.goto(`${docs}/docs/reference/errors`);
  assert.equal(await ground(), dark);
  await page.getByRole("button", { name: "Dark theme", pressed: true }).click();
  assert.equal(await ground(), light);
  assert.equal(await page.evaluate(() => localStorage.getItem("reupload.theme")), null);
});

test("without scripts all of it can be read and walked, on a phone too", async () => {
  const page = await newPage({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
  await page.goto(`${docs}/docs/api/create_session`);
  for (const name of ["curl", "Python", "TypeScript", "Answer 201"]) await page.getByRole("group", { name, exact: true }).waitFor();
  assert.equal(await sendButton(page).count(), 0);
  const pages = page.getByRole("navigation", { name: "Pages" });
  assert.equal(await pages.isVisible(), false);
  await page.getByRole("link", { name: "Menu", exact: true }).click();
  await pages.getByRole("link", { name: "Reference", exact: true }).click();
  await heading(page, "Errors");
  await page.getByRole("link", { name: "This page as Markdown" }).click();
  assert.match(await page.locator("body").textContent(), /^# Errors/);
});

test("a block of code is copied as it is", async () => {
  const page = await newPage({ permissions: ["clipboard-read", "clipboard-write"] });
  await page.goto(`${docs}/docs/api/whoami`);
  const block = page.locator(".example figure").first();
  await block.getByRole("button", { name: "Copy" }).click();
  await block.getByRole("button", { name: "Copied" }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await block.locator("code").textContent());
});

test("Try it: a direct upload with a pasted key, and the shown curl line does the same", async () => {
  const page = await newPage();
  await page.goto(`${docs}/docs/api/upload_direct`);
  await sendButton(page).click();
  await page.getByRole("alert").filter({ hasText: "Choose a file first." }).waitFor();
  await page.getByLabel("API key").fill("ru_wrong");
  await page.getByLabel("projectId").fill(server.project);
  await page.getByRole("button", { name: "Take an example" }).click();
  await sendButton(page).click();
  assert.equal((await answered(page, "401 Unauthorized")).error, "UNAUTHORIZED");
  await page.locator(".try-error").filter({ hasText: "API key" }).waitFor();

  await page.getByLabel("API key").fill(server.key);
  await page.getByText("More fields").click();
  await page.getByLabel("folder").fill("it's $HOME");
  await sendButton(page).click();
  const { fileId } = await answered(page, "202 Accepted");
  await page.getByRole("link", { name: "Next: Look at an upload" }).click();
  await heading(page, "Look at an upload");
  await sendButton(page).click();
  assert.equal((await answered(page, "200 OK")).session.fileId, fileId);
  await page.getByRole("link", { name: "Next: Get an address of a file" }).waitFor();

  // The tab keeps what was chosen; the shell sends what is shown.
  await page.goto(`${docs}/docs/api/upload_direct`);
  await page.getByText("hello.txt, text/plain").waitFor();
  await page.getByText("More fields").click();
  await page.getByLabel("folder").fill("it's $HOME");
  const shown = await page.locator(".try-request [data-sample=curl] code").textContent();
  const again = JSON.parse(await inShell(shown));
  const { file } = await server.completed(again.uploadId).then(() => server.call("GET", `/files/${again.fileId}`));
  const first = (await server.call("GET", `/files/${fileId}`)).file;
  for (const name of ["folder", "name", "mimeType", "sha256", "projectId", "isPublic"]) assert.equal(file[name], first[name], name);
});

/** Runs a shown line as a developer would, in a folder with the file, with the variables of dev.env. */
async function inShell(line) {
  const folder = await mkdtemp(join(tmpdir(), "reupload-docs-"));
  try {
    await writeFile(join(folder, "hello.txt"), "Hello from the documentation of Reupload.\n");
    const env = { ...process.env, REUPLOAD_API_KEY: server.key, REUPLOAD_API_BASE_URL: server.base };
    return (await promisify(execFile)("bash", ["-c", line], { cwd: folder, env })).stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("Try it: signed in, from a session to the file's bytes, with ids carried on", async () => {
  const page = await newPage();
  await page.goto(server.link);
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
  await page.goto(`${docs}/docs/api/create_session`);
  await page.getByLabel("Your project").waitFor();
  const picture = join(import.meta.dirname, "../dunes.png");
  await page.getByLabel("Choose a file").setInputFiles(picture);
  assert.deepEqual(
    await Promise.all(["projectId", "filename", "contentType", "size"].map((name) => page.getByLabel(name).inputValue())),
    [server.project, "dunes.png", "image/png", "917"],
  );
  await page.getByRole("tab", { name: "TypeScript" }).first().click();
  const shown = await page.locator(".try-request [data-sample=TypeScript]").textContent();
  assert.match(shown, /createSession\(\{[\s\S]*filename: "dunes.png",[\s\S]*size: 917/);

  const opened = page.waitForRequest((request) => request.url().endsWith("/uploads/session"));
  await sendButton(page).click();
  const request = await opened;
  assert.deepEqual(request.postDataJSON(), { projectId: server.project, filename: "dunes.png", contentType: "image/png", size: 917 });
  const { uploadUrl } = await answered(page, "201 Created");
  const secret = (await request.allHeaders()).authorization.slice("Bearer ".length);
  assert.notEqual(secret, server.key);
  const { apiKeyId } = await (await fetch(`${server.base}/public/whoami`, { headers: { authorization: `Bearer ${secret}` } })).json();
  const keys = await server.admin("key", "list");
  const made = keys.find(({ id }) => id === apiKeyId);
  const left = (Date.parse(made.expiresAt) - Date.now()) / 1000;
  assert.ok(left > 3000 && left <= 3600, `the key that was made ends by itself: ${made.expiresAt}`);

  await page.getByRole("link", { name: "Next: PUT a session's bytes" }).click();
  assert.equal(await page.getByLabel("uploadUrl").inputValue(), uploadUrl);
  await page.getByText("dunes.png, image/png, 917 B").waitFor();
  await sendButton(page).click();
  assert.equal((await answered(page, "200 OK")).sizeBytes, 917);
  await page.getByRole("link", { name: "Next: Complete an upload session" }).click();
  await sendButton(page).click();
  assert.equal((await answered(page, "202 Accepted")).status, "processing");
  await page.getByRole("link", { name: "Next: Look at an upload" }).click();
  await sendButton(page).click();
  await page.getByRole("link", { name: "Next: Get an address of a file" }).click();
  await page.getByText("More fields").click();
  await page.getByLabel("variant").selectOption("thumb_160");
  await sendButton(page).click();
  assert.equal((await answered(page, "200 OK")).access.variant, "thumb_160");
  await page.getByRole("link", { name: "Next: Download a file" }).click();
  await sendButton(page).click();
  const shownPicture = page.getByAltText("The picture that was answered");
  await shownPicture.waitFor();
  assert.equal(await shownPicture.evaluate((image) => image.decode().then(() => image.naturalWidth)), 160);
  assert.ok(addresses.every((address) => !address.includes(secret) && !address.includes(server.key)), "no key is in an address");
});

test("the OpenAPI UI calls this server", async () => {
  const page = await newPage();
  await page.goto(`${docs}/docs/api/`);
  const whoami = page.locator("#operations-keys-whoami");
  await page.getByRole("button", { name: "Authorize" }).first().click();
  await page.getByLabel("Value: the key").fill(server.key);
  await page.locator(".auth-btn-wrapper").getByRole("button", { name: "Authorize" }).click();
  await page.locator(".auth-btn-wrapper").getByRole("button", { name: "Close" }).click();
  await whoami.locator(".opblock-summary-control").click();
  await whoami.getByRole("button", { name: "Execute" }).click();
  await whoami.locator(".live-responses-table").getByText(server.project).first().waitFor();
});

test("an address that is not there says so, in the frame of the site", async () => {
  const page = await newPage();
  const response = await page.goto(`${docs}/docs/guides/absent`);
  assert.equal(response.status(), 404);
  await heading(page, "There is no such page");
  await page.getByRole("navigation", { name: "Parts" }).getByRole("link", { name: "API", exact: true }).click();
  await heading(page, "API reference");
});

test("llms.txt and the Markdown of a page are plain text", async () => {
  for (const path of ["/llms.txt", "/docs/llms.txt"]) {
    const response = await fetch(docs + path);
    assert.match(response.headers.get("content-type"), /^text\/plain/);
    assert.match(await response.text(), /^# Reupload\n/);
  }
  assert.match(await text("/docs/reference/errors.md"), /^# Errors\n/);
});

test("no script failed, the policy reported nothing, and only this server was asked", () => {
  assert.deepEqual(complaints, []);
  const cdn = addresses.map((address) => new URL(address)).find(({ pathname }) => pathname.startsWith("/v1/upload/"));
  assert.deepEqual([...asked].sort(), [docs, cdn.origin].sort());
});
