// What may be shown in place still shows, sandbox or not. E2E_SCREENSHOTS=FOLDER keeps a picture of each.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { join } from "node:path";
import { Reupload, launchBrowser, sleep } from "../harness.mjs";

let reupload, browser, page;

before(async () => {
  [reupload, browser] = await Promise.all([Reupload.start(), launchBrowser()]);
  page = await browser.newPage({ viewport: { width: 500, height: 350 } });
});
after(async () => {
  await browser?.close();
  await reupload?.stop();
});

/** Uploads and opens a file, and gives a picture of the page. */
async function shown(name, bytes, ready) {
  const [file] = await reupload.upload([{ name, bytes, type: "application/octet-stream" }], false);
  await page.goto(file.url);
  await ready?.();
  return page.screenshot(process.env.E2E_SCREENSHOTS ? { path: join(process.env.E2E_SCREENSHOTS, `${name}.png`) } : {});
}

/** A 200 × 100 picture, red and blue, from the browser itself. */
async function picture(type) {
  await page.goto("about:blank");
  const url = await page.evaluate((type) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 200, height: 100 });
    const context = canvas.getContext("2d");
    for (const [colour, x] of [["red", 0], ["blue", 100]]) (context.fillStyle = colour), context.fillRect(x, 0, 100, 100);
    return canvas.toDataURL(type);
  }, type);
  return Buffer.from(url.split(",")[1], "base64");
}

for (const kind of ["png", "jpeg", "webp"]) {
  test(`a ${kind} shows`, async () => {
    await shown(`picture.${kind}`, await picture(`image/${kind}`));
    const image = await page.evaluate(() => ({ width: document.images[0].naturalWidth, origin: self.origin }));
    assert.deepEqual(image, { width: 200, origin: "null" });
  });
}

test("a text shows, in any language, its tags as text", async () => {
  const text = "Grüße, 写真, صورة, 🦀\n<b>not bold</b>";
  await shown("text.txt", Buffer.from(text));
  assert.equal(await page.evaluate(() => document.body.innerText), text);
});

test("a sound plays", async () => {
  const samples = 8000;
  const head = Buffer.alloc(44);
  head.write("RIFF");
  head.writeUInt32LE(36 + samples, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  for (const [value, at] of [[1, 20], [1, 22], [1, 32], [8, 34]]) head.writeUInt16LE(value, at);
  for (const at of [24, 28]) head.writeUInt32LE(8000, at);
  head.write("data", 36);
  head.writeUInt32LE(samples, 40);
  await shown("sound.wav", Buffer.concat([head, Buffer.alloc(samples, 128)]));
  // No timer of the page's own runs in a sandbox.
  const duration = () => page.evaluate(() => document.querySelector("video,audio")?.duration);
  for (let tries = 0; tries < 50 && !(await duration()); tries += 1) await sleep(100);
  assert.equal(await duration(), 1);
});

test("a PDF shows in the browser's viewer", async () => {
  const drawing = "BT /F1 24 Tf 20 100 Td (Hello PDF) Tj ET 1 0 0 rg 20 20 60 40 re f";
  const pdf = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj
4 0 obj<</Length ${drawing.length}>>stream
${drawing}
endstream endobj
trailer<</Root 1 0 R>>
%%EOF`;
  const bytes = Buffer.from(pdf);
  const blank = await shown("blank.pdf", Buffer.from(pdf.replace(drawing, " ".repeat(drawing.length))), settled);
  const drawn = await shown("drawing.pdf", bytes, settled);
  assert.notDeepEqual(drawn, blank);
});

/** The viewer says nothing when it has drawn: it is done when two pictures in a row are the same and its frame is there. */
async function settled() {
  for (let before, now, tries = 0; tries < 20; tries += 1) {
    await sleep(300);
    [before, now] = [now, await page.screenshot()];
    if (page.frames().some((frame) => frame.url().startsWith("chrome-extension:")) && before?.equals(now)) return;
  }
  throw new Error("the viewer did not come");
}
