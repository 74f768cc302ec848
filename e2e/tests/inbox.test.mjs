// The page of `reupload dev` that shows webhooks: it fills by itself, opens, replays and tries, wide and narrow, by keyboard too.
// E2E_SCREENSHOTS=FOLDER keeps pictures of it, light and dark.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { join } from "node:path";
import { Reupload, launchBrowser } from "../harness.mjs";

const WIDE = { width: 1100, height: 800 };
const NARROW = { width: 380, height: 800 };

let reupload, browser, page;
/** What the console said, and what was asked of whom. */
const complaints = [];
const asked = new Set();

before(async () => {
  [reupload, browser] = await Promise.all([Reupload.start(), launchBrowser()]);
  page = await browser.newPage({ viewport: WIDE, permissions: ["clipboard-read", "clipboard-write"] });
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => asked.add(new URL(request.url()).origin));
  await page.goto(`${reupload.apiOrigin}/dev/webhooks`);
});
after(async () => {
  await browser?.close();
  await reupload?.stop();
});

const entries = () => page.locator("#entries > li");

/** Waits until that many entries are there, and gives the newest. */
async function newest(count) {
  await page.waitForFunction((count) => document.querySelectorAll("#entries > li").length === count, count);
  return entries().first();
}

async function pictures(name) {
  if (!process.env.E2E_SCREENSHOTS) return;
  for (const [width, viewport] of Object.entries({ wide: WIDE, narrow: NARROW })) {
    for (const colorScheme of ["light", "dark"]) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.screenshot({ path: join(process.env.E2E_SCREENSHOTS, `inbox-${name}-${width}-${colorScheme}.png`), fullPage: true });
    }
  }
  await page.setViewportSize(WIDE);
}

/** A picture of a landscape, of sorts, from the browser itself. */
async function landscape() {
  const url = await page.evaluate(() => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 480, height: 300 });
    const context = canvas.getContext("2d");
    for (const [colour, y] of [["#8ecae6", 0], ["#ffb703", 150], ["#219ebc", 200]]) {
      context.fillStyle = colour;
      context.fillRect(0, y, 480, 300);
    }
    return canvas.toDataURL("image/png");
  });
  return Buffer.from(url.split(",")[1], "base64");
}

test("the empty page offers a command, and the key is not on it", async () => {
  await page.getByRole("heading", { name: "Nothing has come in yet" }).waitFor();
  const command = await page.locator("#command").textContent();
  assert.match(command, /dev\.env' && echo .*curl .*\/uploads\/direct$/);
  assert.ok(!(await page.content()).includes(reupload.key));
  await page.getByRole("button", { name: "Copy" }).click();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), command);
  await pictures("empty");
});

test("an upload appears by itself, signed, and opens", async () => {
  const [file] = await reupload.upload([{ name: "harbour.png", type: "image/png", bytes: await landscape() }], false);
  const entry = await newest(1);
  assert.equal(await entry.locator("summary > .type").textContent(), "file.uploaded");
  assert.equal(await entry.locator(".name").textContent(), "harbour.png");
  assert.equal(await entry.locator("summary > .check.right").textContent(), "Signature right");
  // By keyboard alone.
  await entry.locator("summary").focus();
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector("figure img").naturalWidth === 480);
  const body = JSON.parse(await entry.getByLabel("Body").textContent());
  assert.equal(body.data.fileId, file.fileId);
  assert.match(await entry.locator("dl").textContent(), /reupload-signaturet=\d+,v1=[0-9a-f]{64}/);
  await pictures("opened");
});

test("a replay is the same event again, and says so", async () => {
  await entries().first().getByRole("button", { name: "Replay file.uploaded harbour.png" }).click();
  const entry = await newest(2);
  assert.equal(await entry.locator(".marks").textContent(), "attempt 2seen before");
  await entry.locator("summary").click();
  await entry.locator("dt").first().waitFor();
  const ids = await entries().getByLabel("Body").evaluateAll((bodies) => bodies.map((body) => JSON.parse(body.textContent).id));
  assert.equal(ids[0], ids[1]);
  await entry.locator("summary").click();
});

test("each kind of event can be tried from the menu, by keyboard", async () => {
  for (const [at, type] of ["file.uploaded", "file.updated", "file.deleted", "file.failed"].entries()) {
    await page.getByText("Send a test event", { exact: true }).focus();
    await page.keyboard.press("Enter");
    for (let tabs = 0; tabs <= at; tabs += 1) await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    const entry = await newest(3 + at);
    assert.equal(await entry.locator("summary > .type").textContent(), type);
    assert.equal(await entry.locator(".marks").textContent(), "test");
  }
});

test("a wrong signature shows as wrong, and nothing of a foreign body runs", async () => {
  const body = JSON.stringify({ type: "<img src=x onerror=alert(1)>", data: { name: "<b>forged</b>", url: `${reupload.apiOrigin}/` } });
  const headers = { "content-type": "application/json", "reupload-signature": `t=${Math.floor(Date.now() / 1000)},v1=00`, "webhook-id": "<i>x</i>" };
  const answer = await fetch(`${reupload.apiOrigin}/dev/webhooks/receive`, { method: "POST", headers, body }).catch((error) => error);
  assert.equal(answer.status, 403);
  const entry = await newest(7);
  assert.equal(await entry.locator(".name").textContent(), "<b>forged</b>");
  assert.equal(await entry.locator("summary > .check").textContent(), "Signed for another secret or body.");
  assert.equal(await entry.locator("summary > .check.right").count(), 0);
  assert.equal(await entry.getByRole("button").count(), 0, "nothing to replay");
  await pictures("entries");
  await entry.locator("summary").click();
  await entry.locator("dt").first().waitFor();
  assert.equal(await entry.locator("img[src], b, i").count(), 0);
  await entry.locator("summary").click();
});

test("at 380 px all is there and nothing overflows", async () => {
  await page.setViewportSize(NARROW);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.equal(width, NARROW.width);
  await page.getByText("Send a test event", { exact: true }).click();
  const box = await page.locator("#menu ul").boundingBox();
  assert.ok(box.x >= 0 && box.x + box.width <= NARROW.width, JSON.stringify(box));
  await page.keyboard.press("Escape");
  assert.ok(await page.locator("#menu ul").isHidden());
  for (const entry of await entries().all()) {
    for (const part of [".type", ".name", "time", ".check"]) assert.ok(await entry.locator(`summary ${part}`).isVisible(), part);
  }
  await page.setViewportSize(WIDE);
});

test("the browser complained of nothing and asked nobody else", async () => {
  assert.deepEqual(complaints, []);
  const cdn = new URL(JSON.parse(await entries().last().getByLabel("Body").textContent()).data.url).origin;
  assert.deepEqual(asked, new Set([reupload.apiOrigin, cdn]));
});
