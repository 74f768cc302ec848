// The dashboard's page of the webhooks of `reupload dev`, without signing in: it fills by itself, opens, sends again and tries, wide and narrow,
// by keyboard too.
// E2E_SCREENSHOTS=FOLDER keeps pictures of it, light and dark.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { join } from "node:path";
import { Reupload, launchBrowser } from "../harness.mjs";

const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 380, height: 800 };

let reupload, browser, page;
/** What the console said, and what was asked of whom. */
const complaints = [];
const asked = new Set();

before(async () => {
  [reupload, browser] = await Promise.all([Reupload.start(), launchBrowser()]);
  page = await browser.newPage({ viewport: WIDE, permissions: ["clipboard-read", "clipboard-write"] });
  page.on("console", (message) => {
    // That nobody is signed in, the browser logs by itself.
    const isAsked = message.location().url.endsWith("/api/dashboard/me") && message.text().includes("401");
    if (["error", "warning"].includes(message.type()) && !isAsked) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => asked.add(new URL(request.url()).origin));
  await page.goto(`${reupload.apiOrigin}/dev/webhooks`);
});
after(async () => {
  await browser?.close();
  await reupload?.stop();
});

const entries = () => page.getByRole("list", { name: "Events, newest first" }).getByRole("listitem");
const button = (name) => page.getByRole("button", { name, exact: true });
/** The post that is open. */
const post = () => page.getByRole("article");
const tab = (name) => page.getByRole("tab", { name }).click();

/** Waits until that many entries are there, and gives the newest. */
async function newest(count) {
  await entries().nth(count - 1).waitFor();
  assert.equal(await entries().count(), count);
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
  const command = await page.getByRole("figure").locator("pre").textContent();
  assert.match(command, /dev\.env' && echo .*curl .*\/uploads\/direct$/);
  assert.ok(!(await page.content()).includes(reupload.key));
  await button("Copy code").click();
  await button("Copied").waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), command);
  await pictures("empty");
});

test("an upload appears by itself, signed, and opens", async () => {
  const [file] = await reupload.upload([{ name: "harbour.png", type: "image/png", bytes: await landscape() }], false);
  const entry = await newest(1);
  await entry.getByText("harbour.png").waitFor();
  await entry.getByText("file.uploaded").waitFor();
  await entry.getByRole("img", { name: "Signature right" }).waitFor();
  await post().getByText("image/png, ").waitFor();
  await page.waitForFunction(() => document.querySelector("article img")?.naturalWidth === 480);
  assert.equal(await post().getByRole("list", { name: "Signatures" }).innerText(), "Reupload-Signature is right.\nwebhook-signature is right.");
  const body = JSON.parse(await post().locator("pre").textContent());
  assert.equal(body.data.fileId, file.fileId);
  await tab("Headers");
  assert.match(await post().innerText(), /reupload-signature\s+t=\d+,v1=[0-9a-f]{64}/);
  await pictures("opened");
});

test("sent again it is the same event, and says so", async () => {
  const first = await entries().first();
  await first.getByRole("button").click();
  await tab("Body");
  const { id } = JSON.parse(await post().locator("pre").textContent());
  await button("Send again").click();
  const entry = await newest(2);
  await entry.getByText("attempt 2").waitFor();
  await entry.getByText("seen before").waitFor();
  // By keyboard alone: up to the newest, and open.
  await entries().nth(1).getByRole("button").focus();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await post().getByText("This event has come before.").waitFor();
  assert.equal(JSON.parse(await post().locator("pre").textContent()).id, id);
});

test("each kind of event can be tried from the menu, by keyboard", async () => {
  for (const [at, type] of ["file.uploaded", "file.updated", "file.deleted", "file.failed"].entries()) {
    await button("Send a test event").focus();
    await page.keyboard.press("Enter");
    for (let steps = 0; steps < at; steps += 1) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    const entry = await newest(3 + at);
    await entry.getByText(type, { exact: true }).waitFor();
    await entry.getByText("test", { exact: true }).waitFor();
  }
});

test("a wrong signature shows as wrong, and nothing of a foreign body runs", async () => {
  const body = JSON.stringify({ type: "<img src=x onerror=alert(1)>", data: { name: "<b>forged</b>", mimeType: "image/png", url: `${reupload.apiOrigin}/` } });
  const headers = { "content-type": "application/json", "reupload-signature": `t=${Math.floor(Date.now() / 1000)},v1=00`, "webhook-id": "<i>x</i>" };
  const answer = await fetch(`${reupload.apiOrigin}/dev/webhooks/receive`, { method: "POST", headers, body });
  assert.equal(answer.status, 403);
  const entry = await newest(7);
  await entry.getByText("<b>forged</b>").waitFor();
  await entry.getByRole("img", { name: "Signature wrong" }).waitFor();
  await pictures("entries");
  await entry.getByRole("button").click();
  await post().getByText("Reupload-Signature is wrong: Signed for another secret or body.").waitFor();
  assert.equal(await button("Send again").count(), 0, "nothing to send again");
  await tab("Headers");
  await post().getByText("<i>x</i>").waitFor();
  assert.equal(await page.locator("main :is(img, b, i)").count(), 0);
});

test("at 380 px all is there, a post opens over the list, and nothing overflows", async () => {
  await page.setViewportSize(NARROW);
  // The one that was open stays so.
  await page.getByRole("dialog").waitFor();
  await button("Close").click();
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.equal(width, NARROW.width);
  await button("Send a test event").click();
  const box = await page.getByRole("menu").boundingBox();
  assert.ok(box.x >= 0 && box.x + box.width <= NARROW.width, JSON.stringify(box));
  await page.keyboard.press("Escape");
  assert.ok(await page.getByRole("menu").isHidden());
  for (const entry of await entries().all()) {
    for (const part of ["time", "code", "svg[role=img]"]) assert.ok(await entry.locator(part).isVisible(), part);
  }
  await entries().last().getByRole("button").click();
  const panel = page.getByRole("dialog", { name: "harbour.png" });
  await panel.getByText("Private: shown by the signed address in the event.").waitFor();
  await page.keyboard.press("Escape");
  await panel.waitFor({ state: "detached" });
  await page.setViewportSize(WIDE);
});

test("the browser complained of nothing and asked nobody else", async () => {
  assert.deepEqual(complaints, []);
  await entries().last().getByRole("button").click();
  const cdn = new URL(JSON.parse(await post().locator("pre").textContent()).data.url).origin;
  assert.deepEqual(asked, new Set([reupload.apiOrigin, cdn]));
});

test("whoever is signed in has it in the sidebar", async () => {
  await page.goto(reupload.link);
  await page.getByRole("navigation").getByRole("link", { name: "Webhook inbox" }).click();
  await page.getByRole("heading", { level: 1, name: "Webhook inbox" }).waitFor();
  await newest(7);
});
