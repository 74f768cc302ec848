// examples/next-node in Chromium: every way to bring a file, and everything that goes wrong on the way.
// E2E_SCREENSHOTS=FOLDER keeps pictures of each step.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, open, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import axe from "axe-core";
import { startExample } from "../example.mjs";
import { launchBrowser, Reupload, sleep } from "../harness.mjs";
import { Wire } from "../wire.mjs";

const MIB = 1024 * 1024;
const WIDE = { width: 1100, height: 900 };
const NARROW = { width: 360, height: 800 };

let wire, reupload, example, browser, context, page, folder;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "reupload-e2e-files-"));
  wire = await Wire.open();
  // Sessions live as shortly as they may, so that one that nobody ends is seen to go.
  const settings = { REUPLOAD_UPLOADS__SESSION_TTL: "60s", REUPLOAD_UPLOADS__REAP_EVERY: "1s" };
  [reupload, browser] = await Promise.all([Reupload.start(wire, settings), launchBrowser()]);
  example = await startExample("next-node", reupload);
});
after(async () => {
  await browser?.close();
  await example?.stop();
  await reupload?.stop();
  wire?.close();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  wire.limit(Number.POSITIVE_INFINITY);
  await context?.close();
  context = await browser.newContext({ viewport: WIDE });
  page = await context.newPage();
  // Dialogs are caught from the start and for good: a waitForEvent alone is not always in time for a key pressed at once.
  page.on("filechooser", () => {});
  await page.goto(example.url);
});

const row = (name) => page.getByRole("list", { name: "Files" }).getByRole("listitem").filter({ hasText: name });
const choose = (...files) => page.locator("input[type=file]").setInputFiles(files);
const shows = (name, text, timeout = 20_000) => row(name).first().getByText(text).waitFor({ timeout });
const text = (name, body = `the text of ${name}`) => ({ name, mimeType: "text/plain", buffer: Buffer.from(body) });

/** A file of random bytes, which is not written twice. */
async function big(name, mebibytes) {
  const path = join(folder, name);
  const file = await open(path, "w");
  // "MZ…" and other beginnings would be taken for other types; a zip's is refused when it is no zip.
  await file.write(Buffer.from("a text, to begin with\n"));
  const piece = Buffer.from(randomBytes(MIB / 2).toString("hex"));
  for (let written = 0; written < mebibytes; written++) await file.write(piece);
  await file.close();
  return path;
}

/** A picture from the browser itself, as PNG. */
async function picture() {
  const url = await page.evaluate(() => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 400 });
    const paint = canvas.getContext("2d");
    for (const [colour, y] of [["#8ecae6", 0], ["#ffb703", 200], ["#219ebc", 270]]) {
      paint.fillStyle = colour;
      paint.fillRect(0, y, 640, 400);
    }
    return canvas.toDataURL("image/png");
  });
  return Buffer.from(url.split(",")[1], "base64");
}

/** Drops or pastes files made in the page: what a person drags there or has on the clipboard. */
async function give(kind, files) {
  await page.evaluate(
    ({ kind, files }) => {
      const data = new DataTransfer();
      for (const { name, type, base64 } of files) {
        data.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name, { type }));
      }
      const target = document.querySelector(".reupload");
      const init = { bubbles: true, cancelable: true };
      if (kind === "paste") {
        target.querySelector("button").focus();
        document.activeElement.dispatchEvent(new ClipboardEvent("paste", { ...init, clipboardData: data }));
      } else {
        for (const type of ["dragenter", "dragover", "drop"]) target.dispatchEvent(new DragEvent(type, { ...init, dataTransfer: data }));
      }
    },
    { kind, files },
  );
}

const asGiven = ({ name, mimeType, buffer }) => ({ name, type: mimeType, base64: buffer.toString("base64") });

async function look(name) {
  if (!process.env.E2E_SCREENSHOTS) return;
  for (const [width, viewport] of Object.entries({ wide: WIDE, narrow: NARROW })) {
    for (const colorScheme of ["light", "dark"]) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.screenshot({ path: join(process.env.E2E_SCREENSHOTS, `example-${name}-${width}-${colorScheme}.png`), fullPage: true });
    }
  }
  await page.setViewportSize(WIDE);
}

/** The violations that axe finds, light and dark. */
async function violations() {
  await page.evaluate(axe.source);
  const found = [];
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const { violations } = await page.evaluate(() => window.axe.run());
    found.push(...violations.map(({ id, nodes }) => `${colorScheme}: ${id}: ${nodes.map((node) => node.html).join(" ")}`));
  }
  return found;
}

/** The files that Reupload has under this name. */
const stored = async (name) => (await reupload.call("GET", `/files?search=${encodeURIComponent(name)}`)).files;

/** Bytes without a row, rows without bytes, bytes that are half there: none of them. */
async function assertNoOrphans() {
  const gc = JSON.parse(await reupload.command("gc", "--data", reupload.data, "--dry-run", "--json"));
  assert.deepEqual([gc.orphans, gc.missing], [0, []]);
  // Each process has a folder of its own here, beside its lock.
  const temporary = await readdir(join(reupload.data, "blobs/tmp"), { withFileTypes: true });
  for (const folder of temporary.filter((entry) => entry.isDirectory())) {
    assert.deepEqual(await readdir(join(folder.parentPath, folder.name)), []);
  }
}

/** Bytes and files for which room is held. */
async function reserved() {
  const { workspace } = await reupload.call("GET", "/usage");
  return [workspace.reservedBytes, workspace.reservedFiles];
}

test("a chosen file is uploaded, and the webhook brings it into the gallery", async () => {
  await look("empty");
  assert.deepEqual(await violations(), []);
  await choose({ name: "landscape ä 日本.png", mimeType: "image/png", buffer: await picture() });
  await shows("landscape ä 日本.png", "Uploaded");
  const shown = page.getByRole("region", { name: "Ready" }).locator("img");
  await shown.waitFor({ timeout: 20_000 });
  await page.waitForFunction(() => document.querySelector(".gallery img")?.naturalWidth === 160);
  const [file] = await stored("landscape");
  assert.equal(file.name, "landscape ä 日本.png");
  assert.equal(file.folder, "examples");
  await look("uploaded");
  assert.deepEqual(await violations(), []);
});

test("dropped and pasted files are uploaded like chosen ones, and held to the same rules", async () => {
  await give("drop", [asGiven(text("dropped.txt")), { name: "dropped.exe", type: "application/x-msdownload", base64: "TVo=" }]);
  await shows("dropped.txt", "Uploaded");
  await shows("dropped.exe", /Not an accepted type/);
  await give("paste", [{ name: "image.png", type: "image/png", base64: (await picture()).toString("base64") }, asGiven(text("pasted.sh"))]);
  await shows("image.png", "Uploaded");
  await give("paste", [{ name: "pasted.exe", type: "application/x-msdownload", base64: "TVo=" }]);
  await shows("pasted.exe", /Not an accepted type/);
  assert.equal((await stored("exe")).length, 0);
  await look("refused");
  assert.deepEqual(await violations(), []);
});

test("a file that is too big is refused before a byte of it travels", async () => {
  // Sparse: nobody reads it.
  const path = join(folder, "too-big.txt");
  const file = await open(path, "w");
  await file.truncate(1024 * MIB + 1);
  await file.close();
  const before = wire.passed;
  await choose(path);
  await shows("too-big.txt", "Too large. The limit is 1 GB.");
  assert.equal(wire.passed, before);
  assert.equal(await row("too-big.txt").getByRole("button", { name: /Retry/ }).count(), 0);
});

test("two files of the same name are two files", async () => {
  await choose(text("same.txt", "one"), text("same.txt", "two, and longer"));
  await row("same.txt").nth(1).getByText("Uploaded").waitFor({ timeout: 20_000 });
  await row("same.txt").nth(0).getByText("Uploaded").waitFor({ timeout: 20_000 });
  const sizes = (await stored("same.txt")).map((file) => file.sizeBytes);
  assert.deepEqual(sizes.sort((a, b) => a - b), [3, 15]);
});

test("500 MB show steady progress, and a cancel ends them within a second and leaves nothing", async () => {
  const path = await big("film.txt", 500);
  wire.limit(100 * MIB);
  await page.evaluate(() => {
    window.seen = [];
    const note = () => {
      const bar = document.querySelector('[role=progressbar][aria-label="Upload of film.txt"]');
      if (bar) window.seen.push([performance.now(), Number(bar.getAttribute("aria-valuenow"))]);
      window.noting = requestAnimationFrame(note);
    };
    note();
  });
  await choose(path);
  await page.waitForFunction(() => window.seen.at(-1)?.[1] >= 60, undefined, { timeout: 60_000 });
  await look("uploading");
  const seen = await page.evaluate(() => (cancelAnimationFrame(window.noting), window.seen));
  const values = [...new Set(seen.map(([, value]) => value))];
  assert.deepEqual(values, values.toSorted((a, b) => a - b), "it goes up only");
  const steps = values.slice(1).map((value, index) => value - values[index]);
  assert.ok(values.length >= 15 && Math.max(...steps) <= 10, `steady: ${values}`);

  const started = performance.now();
  await row("film.txt").getByRole("button", { name: "Cancel film.txt" }).click();
  await shows("film.txt", "Cancelled");
  const took = performance.now() - started;
  assert.ok(took < 1000, `${took} ms`);
  await sleep(300);
  const passed = wire.passed;
  await sleep(500);
  assert.equal(wire.passed, passed, "no byte travels after the cancel");
  await assertNoOrphans();
  assert.deepEqual(await reserved(), [0, 0]);
  assert.equal((await stored("film.txt")).length, 0);
  console.log(`500 MB: ${values.length} steps, largest ${Math.max(...steps)} %, cancelled in ${Math.round(took)} ms`);
});

test("500 MB arrive whole", async () => {
  const path = await big("whole.txt", 500);
  await choose(path);
  await shows("whole.txt", "Uploaded", 120_000);
  const [file] = await stored("whole.txt");
  const { createHash } = await import("node:crypto");
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path)) hash.update(piece);
  assert.equal(file.sha256, hash.digest("hex"));
});

test("after a dropped connection the file can be sent again, and is there once", async () => {
  const path = await big("train.txt", 40);
  wire.limit(8 * MIB);
  await choose(path);
  // Every try is cut, until the client gives up by itself.
  const failed = shows("train.txt", "The connection was lost.", 60_000);
  const cutting = setInterval(() => wire.cut(), 300);
  await failed.finally(() => clearInterval(cutting));
  await look("lost");
  assert.deepEqual(await violations(), []);
  wire.limit(Number.POSITIVE_INFINITY);
  await row("train.txt").getByRole("button", { name: "Retry train.txt" }).click();
  await shows("train.txt", "Uploaded");
  assert.equal((await stored("train.txt")).length, 1);
  await assertNoOrphans();
});

test("one cut on the way is mended without a word", async () => {
  const path = await big("tunnel.txt", 40);
  wire.limit(20 * MIB);
  const before = wire.passed;
  await choose(path);
  while (wire.passed - before < 10 * MIB) await sleep(20);
  wire.cut();
  await shows("tunnel.txt", "Uploaded", 60_000);
  assert.equal((await stored("tunnel.txt")).length, 1);
});

test("a project that does not know the page's origin refuses it, and the page says so", async () => {
  await reupload.admin("project", "update", reupload.project, "--origin", "https://elsewhere.example");
  try {
    await choose(text("foreign.txt"));
    await shows("foreign.txt", "The connection was lost.", 60_000);
    assert.equal((await stored("foreign.txt")).length, 0);
  } finally {
    await reupload.admin("project", "update", reupload.project, "--origin", "http://127.0.0.1:*", "--origin", "http://localhost:*");
  }
  await row("foreign.txt").getByRole("button", { name: "Retry foreign.txt" }).click();
  await shows("foreign.txt", "Uploaded");
});

test("by keyboard alone: choose, cancel, and the focus is never lost", async () => {
  const path = await big("keys.txt", 40);
  wire.limit(8 * MIB);
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    (async () => {
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
    })(),
  ]);
  await chooser.setFiles(path);
  const cancel = row("keys.txt").getByRole("button", { name: "Cancel keys.txt" });
  await cancel.waitFor();
  for (let tabs = 0; tabs < 10 && !(await cancel.evaluate((button) => button === document.activeElement)); tabs++) {
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await shows("keys.txt", "Cancelled");
  assert.notEqual(await page.evaluate(() => document.activeElement?.tagName), "BODY");
  while ((await reserved())[0] > 0) await sleep(50);
});

test("what the page says while it works is said to a screen reader too", async () => {
  await choose(text("spoken.txt"));
  await shows("spoken.txt", "Uploaded");
  const live = page.locator("[aria-live=polite], [role=status]");
  await page.waitForFunction(() => /1 file uploaded/.test(document.body.innerText + [...document.querySelectorAll("[aria-live],[role=status]")].map((n) => n.textContent)));
  assert.ok((await live.count()) >= 1);
});


test("a page that is closed on the way leaves nothing that the reaper does not clear", async () => {
  const path = await big("closed.txt", 40);
  wire.limit(8 * MIB);
  const before = wire.passed;
  const prepared = page.waitForResponse((answer) => answer.url().endsWith("/uploads/prepare"));
  await choose(path);
  const { uploadId } = await (await prepared).json();
  while (wire.passed - before < 2 * MIB) await sleep(20);
  await page.close();
  const session = async () => (await reupload.call("GET", `/uploads/session/${uploadId}`)).session;
  assert.equal((await session()).status, "UPLOADING");
  assert.deepEqual(await reserved(), [40 * MIB + 22, 1]);
  for (const end = Date.now() + 75_000; (await session()).status === "UPLOADING" && Date.now() < end; ) await sleep(500);
  assert.equal((await session()).failureReason, "EXPIRED");
  assert.deepEqual(await reserved(), [0, 0]);
  await assertNoOrphans();
  assert.equal((await stored("closed.txt")).length, 0);
});
