// examples/express in Chromium: upload, progress and cancel over a slow line, the webhook, and who may see what.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import axe from "axe-core";
import { startExample } from "../example.mjs";
import { launchBrowser, Reupload } from "../harness.mjs";
import { Wire } from "../wire.mjs";

let wire, reupload, example, browser, context, page;

before(async () => {
  wire = await Wire.open();
  [reupload, browser] = await Promise.all([Reupload.start(wire), launchBrowser()]);
  example = await startExample("express", reupload);
  context = await browser.newContext();
  page = await context.newPage();
  await page.goto(example.url);
});
after(async () => {
  await browser?.close();
  await example?.stop();
  await reupload?.stop();
  wire?.close();
});

const row = (name) => page.getByRole("list", { name: "Uploads" }).getByRole("listitem").filter({ hasText: name });
const choose = (...files) => page.locator("#choose").setInputFiles(files);
const text = (name, body = `the text of ${name}`) => ({ name, mimeType: "text/plain", buffer: Buffer.from(body) });

test("a file goes past the server, and the webhook tells of it", async () => {
  const passed = wire.passed;
  await choose(text("notes.txt", "x".repeat(200_000)));
  await row("notes.txt").getByText("completed").waitFor();
  assert.ok(wire.passed - passed > 200_000, "the bytes went to the CDN host");
  const link = page.getByRole("list", { name: "Ready" }).getByRole("button", { name: "notes.txt" });
  await link.waitFor();
  const [tab] = await Promise.all([context.waitForEvent("page"), link.click()]);
  await tab.waitForURL(`${wire.url}/v1/files/**`);
  await tab.close();
});

test("a slow upload shows progress, can be cancelled, and goes again", async () => {
  wire.limit(4_000_000);
  await choose(text("slow.txt", "y".repeat(20_000_000)));
  const bar = row("slow.txt").getByRole("progressbar");
  await bar.waitFor();
  await page.waitForFunction(() => [...document.querySelectorAll("progress")].some((one) => one.value > 0 && one.value < 100));
  await row("slow.txt").getByRole("button", { name: "Cancel" }).click();
  await row("slow.txt").getByText("cancelled").waitFor();
  wire.limit(Number.POSITIVE_INFINITY);
  await row("slow.txt").getByRole("button", { name: "Retry" }).click();
  await row("slow.txt").getByText("completed").waitFor();
});

test("what is not accepted is refused by the page, and by the server", async () => {
  await choose({ name: "program.exe", mimeType: "application/x-msdownload", buffer: Buffer.from("MZ") });
  await row("program.exe").getByText(/type/i).waitFor();
  const body = JSON.stringify({ filename: "program.exe", contentType: "application/x-msdownload", size: 2 });
  const answer = await fetch(`${example.url}/api/reupload/uploads/prepare`, {
    method: "POST",
    headers: { "content-type": "application/json", cookie: "visitor=ben" },
    body,
  });
  assert.deepEqual([answer.status, (await answer.json()).error], [415, "CONTENT_TYPE_NOT_ALLOWED"]);
});

test("another visitor sees nothing of it", async () => {
  const ask = (path, visitor) => fetch(`${example.url}${path}`, { headers: { cookie: `visitor=${visitor}` } });
  const mine = (await context.cookies()).find(({ name }) => name === "visitor").value;
  const { files } = await (await ask("/api/files", mine)).json();
  assert.deepEqual(files.map(({ name }) => name).sort(), ["notes.txt", "slow.txt"]);
  assert.deepEqual(await (await ask("/api/files", "ben")).json(), { files: [] });
  const access = `/api/reupload/files/${files[0].fileId}/access`;
  assert.deepEqual([(await ask(access, mine)).status, (await ask(access, "ben")).status], [200, 404]);
});

test("a forged event is refused", async () => {
  const headers = { "reupload-signature": `t=${Math.floor(Date.now() / 1000)},v1=${"0".repeat(64)}` };
  const answer = await fetch(`${example.url}/api/webhooks/reupload`, { method: "POST", body: "{}", headers });
  assert.deepEqual([answer.status, (await answer.json()).error], [400, "INVALID_SIGNATURE"]);
});

test("axe finds nothing, light and dark", async () => {
  await page.evaluate(axe.source);
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await page.evaluate(() => window.axe.run());
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html)}`), [], colorScheme);
  }
});
