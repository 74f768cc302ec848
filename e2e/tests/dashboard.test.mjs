// The dashboard as the binary serves it, from the first link to the sign-out: each step leads to the next.
// The pages' own tests are in dashboard/tests. E2E_SCREENSHOTS=FOLDER keeps a picture of each page on the way.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import axe from "axe-core";
import { launchBrowser, serve } from "../harness.mjs";
import { startServe } from "../serve.mjs";

const PASSWORD = "correct horse battery";
const root = resolve(import.meta.dirname, "../..");

let server, browser, page, receiver;
/** What scripts and the policy complained of, answers of 5xx, and which origins were asked. */
const complaints = [];
const asked = new Set();
/** The webhooks that came, and what they are answered. */
const received = [];
let answer = 500;

before(async () => {
  receiver = await serve(async (request, response) => {
    let body = "";
    for await (const piece of request) body += piece;
    received.push({ headers: request.headers, body });
    response.writeHead(answer).end();
  });
  [server, browser] = await Promise.all([startServe(), launchBrowser()]);
  page = await newPage();
});
after(async () => {
  await browser?.close();
  await server?.stop();
  receiver?.stop();
});

async function newPage() {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 } });
  const opened = await context.newPage();
  opened.setDefaultTimeout(15_000);
  opened.on("console", (message) => {
    // Chromium's own line about a 4xx that a page asked for and shows; faults of scripts and of the policy are other lines.
    const isRefusal = /^Failed to load resource: .* status of 4\d\d/.test(message.text());
    if (["error", "warning"].includes(message.type()) && !isRefusal) complaints.push(message.text());
  });
  opened.on("response", (response) => response.status() >= 500 && complaints.push(`${response.status()} ${response.url()}`));
  opened.on("pageerror", (error) => complaints.push(String(error)));
  opened.on("request", (request) => /^https?:/.test(request.url()) && asked.add(new URL(request.url()).origin));
  return opened;
}

const button = (name, within = page) => within.getByRole("button", { name, exact: true });
const heading = (name, within = page) => within.getByRole("heading", { level: 1, name, exact: true }).waitFor();
const place = (name) => page.getByRole("navigation").getByRole("link", { name, exact: true }).click();
const tile = (name) => page.getByRole("article").filter({ hasText: name });
const menu = async (name, entry) => {
  await button(`Actions for ${name}`).click();
  await page.getByRole("menuitem", { name: entry, exact: true }).click();
};
/** Reads what the dialog shows once, and leaves it. */
const takeSecret = async () => {
  const secret = await page.getByRole("dialog").locator("pre").first().textContent();
  await page.getByLabel("I have saved it").check();
  await button("Done").click();
  return secret;
};

/** A page on the way is looked at by axe, light and dark, and kept as a picture if somebody wants it. */
async function look(name) {
  await page.evaluate(axe.source);
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const { violations } = await page.evaluate(() => window.axe.run());
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
    assert.deepEqual(found, [], `${name}, ${colorScheme}`);
    if (process.env.E2E_SCREENSHOTS) {
      await page.screenshot({ path: join(process.env.E2E_SCREENSHOTS, `dashboard-${name}-${colorScheme}.png`) });
    }
  }
  await page.emulateMedia({ colorScheme: "light" });
}

let key, project;

test("the printed link makes the first account", async () => {
  await page.goto(server.link);
  await page.getByLabel("Your name").fill("Ada Byron");
  await page.getByLabel("E-mail").fill("ada@example.com");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByLabel("Workspace").fill("Northwind Studio");
  await look("setup");
  await button("Make account").click();
  await heading("Overview");
  assert.ok(!page.url().includes("token"));
  await look("overview-empty");
  const cookies = await page.context().cookies();
  assert.deepEqual(cookies.map(({ name, httpOnly, sameSite }) => [name, httpOnly, sameSite]), [["reupload-login", true, "Lax"]]);
});

test("a project, and a key for it that is shown once", async () => {
  await place("Projects");
  await look("projects-empty");
  await button("New project").first().click();
  await page.getByRole("textbox", { name: "Name" }).fill("Portal");
  await button("Create project").click();
  await heading("Integrate");
  project = /\/p\/([^/]+)/.exec(page.url())[1];
  await button("New key").click();
  await page.getByRole("textbox", { name: "Name" }).fill("Portal, production");
  await button("Create key").click();
  await page.getByLabel("I have saved it").waitFor();
  key = await takeSecret();
  assert.match(key, /^ru_[0-9A-Za-z]{36}$/);
  await look("integrate");
});

test("the key works in the example of the Python README", async () => {
  const readme = await readFile(join(root, "sdk/python/README.md"), "utf8");
  const example = /```python\n([\s\S]*?)```/.exec(readme)[1];
  const folder = await mkdtemp(join(tmpdir(), "reupload-readme-"));
  try {
    const run = (program, ...words) => promisify(execFile)(program, words, { cwd: folder, env });
    const env = { ...process.env, REUPLOAD_API_KEY: key, REUPLOAD_PROJECT_ID: project, REUPLOAD_API_BASE_URL: `${server.api}/api/v1` };
    await run("python3", "-m", "venv", ".venv");
    await run(".venv/bin/pip", "install", "--quiet", "--disable-pip-version-check", join(root, "sdk/python"));
    await writeFile(join(folder, "cat.txt"), "meow");
    const { stdout } = await run(".venv/bin/python", "-c", example);
    assert.match(stdout, /^cat\.txt http:/);
  } finally {
    await rm(folder, { recursive: true });
  }
  await place("Files");
  await heading("Files");
  await page.getByRole("article").first().waitFor();
});

test("a dropped picture is uploaded and has its thumbnail", async () => {
  const picture = await readFile(join(root, "dashboard/tests/server/picture.png"), "base64");
  await page.evaluate((base64) => {
    const data = new DataTransfer();
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    data.items.add(new File([bytes], "harbor.png", { type: "image/png" }));
    const ground = document.querySelector("main");
    const at = ground.querySelector('input[type="file"]')?.parentElement ?? ground;
    for (const type of ["dragenter", "dragover", "drop"]) at.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data }));
  }, picture);
  await page.getByRole("region", { name: "Uploads" }).getByText("1 file uploaded").waitFor();
  const image = tile("harbor.png").locator("img");
  await image.waitFor();
  await page.waitForFunction(() => [...document.querySelectorAll("article img")].some((shown) => shown.naturalWidth > 0));
  await look("files");
});

test("what an app uploads by its key appears by itself", async () => {
  const form = new FormData();
  form.set("projectId", project);
  form.set("file", new File(["Sent by an app."], "from-the-app.txt", { type: "text/plain" }));
  const headers = { authorization: `Bearer ${key}` };
  const sent = await fetch(`${server.api}/api/v1/uploads/direct`, { method: "POST", headers, body: form });
  assert.equal(sent.status, 202, await sent.text());
  await tile("from-the-app.txt").waitFor();
  await page.getByRole("img", { name: /^Live: / }).waitFor();
});

test("a rename, and a signed link for who has it", async () => {
  await menu("harbor.png", "Rename");
  await page.getByLabel("Name", { exact: true }).fill("harbour.png");
  await button("Rename").click();
  await tile("harbour.png").waitFor();
  await menu("harbour.png", "Make a signed link");
  await button("Make link").click();
  const link = await page.getByRole("textbox", { name: "Signed link" }).inputValue();
  const fetched = await fetch(link);
  assert.equal(fetched.headers.get("content-type"), "image/png");
  await button("Done").click();
  await tile("harbour.png").getByRole("link").click();
  await heading("harbour.png");
  await page.getByText("New name.").waitFor();
  await look("file");
});

test("an endpoint, a test event, its delivery log, and a replay", async () => {
  await place("Webhooks");
  await look("webhooks-empty");
  await button("Add endpoint").first().click();
  const hooks = `http://127.0.0.1:${receiver.port}/hooks`;
  await page.getByLabel("Address").fill(hooks);
  await page.getByRole("dialog").getByRole("button", { name: "Add endpoint" }).click();
  await page.getByLabel("I have saved it").waitFor();
  await takeSecret();
  await heading(hooks.replace("http://", ""));
  await button("Send test event").click();
  await page.getByRole("table", { name: "Deliveries" }).getByText("Retry").waitFor();
  assert.ok(received[0].headers["reupload-signature"]);
  await look("webhook");
  await page.getByRole("button", { name: "file.uploaded" }).first().click();
  const panel = page.getByRole("dialog");
  await panel.getByText("The endpoint failed on its side.").waitFor();
  await look("delivery");
  answer = 200;
  await button("Send again", panel).click();
  await panel.getByText("Delivered", { exact: true }).waitFor();
  assert.equal(JSON.parse(received.at(-1).body).id, JSON.parse(received[0].body).id);
  await page.keyboard.press("Escape");
});

test("somebody is invited, and comes", async () => {
  await place("Members");
  await button("Invite").first().click();
  await page.getByLabel("E-mail").fill("grace@example.com");
  await button("Make link").click();
  const link = await page.getByLabel("Link of the invitation").inputValue();
  await button("Done").click();
  await look("members");
  const hers = await newPage();
  await hers.goto(link);
  await hers.getByLabel("Your name").fill("Grace Hopper");
  await hers.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await button("Make account and join", hers).click();
  await heading("Overview", hers);
  await hers.context().close();
});

test("every other page stands, too", async () => {
  for (const [name, title] of [["Overview", "Overview"], ["Uploads", "Uploads"], ["Project settings", "Project settings"], ["API keys", "API keys"], ["Usage", "Usage"], ["Audit log", "Audit log"], ["Settings", "Settings"], ["System", "System"], ["Sign-ins", "Sign-ins"]]) {
    await place(name);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForLoadState("networkidle").catch(() => undefined);
    await look(title.toLowerCase().replaceAll(" ", "-"));
  }
});

test("a file is deleted, then its project with what is left, then the workspace", async () => {
  await place("Files");
  await menu("harbour.png", "Delete");
  await page.getByRole("dialog").getByRole("button", { name: /^Delete/ }).click();
  await tile("harbour.png").waitFor({ state: "detached" });
  const left = await page.getByRole("article").count();
  assert.ok(left > 0);

  await place("Settings");
  await page.getByText("Delete its projects first.").waitFor();
  assert.ok(await button("Delete workspace").isDisabled());
  await place("Project settings");
  await button("Delete project").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText(new RegExp(`^It holds ${left} files? with`)).waitFor();
  await look("delete-project");
  await dialog.getByLabel(/to confirm$/).fill("Portal");
  await dialog.getByRole("button", { name: "Delete project" }).click();
  await heading("Projects");
  assert.equal(await page.getByRole("main").getByText("Portal", { exact: true }).count(), 0);
  const refused = await fetch(`${server.api}/api/v1/public/whoami`, { headers: { authorization: `Bearer ${key}` } });
  // It reached that project alone.
  assert.equal(refused.status, 401);

  await place("Settings");
  await button("Delete workspace").click();
  await dialog.getByLabel(/to confirm$/).fill("Northwind Studio");
  await dialog.getByRole("button", { name: "Delete workspace" }).click();
  await heading("Your account");
  await look("no-workspace");
  // An operator makes the next one.
  await button("New workspace").click();
  await dialog.getByLabel("Name").fill("Another Studio");
  await dialog.getByRole("button", { name: "Create workspace" }).click();
  await heading("Overview");
});

test("the sign-out", async () => {
  await button("Ada Byron").click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await heading("Sign in to Reupload");
  await look("sign-in");
  assert.deepEqual(await page.context().cookies(), []);
  await page.goto(`${server.api}/w/x`);
  await heading("Sign in to Reupload");
});

test("nothing but the two hosts was asked, and the browser had nothing to complain of", () => {
  assert.deepEqual([...asked].sort(), [server.api, server.cdn].sort());
  assert.deepEqual(complaints, []);
});
