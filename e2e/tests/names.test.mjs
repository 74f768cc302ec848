// Names in any language, and names that are traps: what a browser saves a file as, and what it sends us as a name.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Reupload, launchBrowser, pool, serve } from "../harness.mjs";

let reupload, browser;

before(async () => {
  [reupload, browser] = await Promise.all([Reupload.start(), launchBrowser()]);
});
after(async () => {
  await browser?.close();
  await reupload?.stop();
});

/** What is sent, and the `name` that we make of it, where that is another. */
const NAMES = [
  ["写真 テスト.jpg"],
  ["صورة جميلة.png"],
  ["🦀👩‍👩‍👧 crab.gif"],
  ["ünï cödé.txt"],
  ["../../etc/passwd", "passwd"],
  ["..\\..\\windows\\system32\\evil.dll", "evil.dll"],
  ["/etc/shadow", "shadow"],
  ["a\r\nSet-Cookie: evil=1.txt", "aSet-Cookie: evil=1.txt"],
  ["line\nbreak\ttab.txt", "linebreaktab.txt"],
  ["report\u202Efdp.exe", "reportfdp.exe"],
  ['say "hi".txt'],
  ["it's; filename=evil.exe.txt"],
  ["100% %22 %2e%2e%2f %00.txt"],
  ["a?b#c&d=e+f.txt"],
  ["<script>alert(1)<.html"],
  ["trailing dots...txt..."],
  [" trailing blanks.txt  ", "trailing blanks.txt"],
  [".htaccess"],
  ["...hidden"],
  ["~user"],
  ["-rf"],
  ["CON"],
  ["NUL.txt"],
  ["aux.h"],
  ["a:b|c*d.txt"],
  [`${"長".repeat(508)}.txt`],
  [`${"x".repeat(508)}.txt`],
];

/** Chromium leaves dots at both ends away and puts `_` for some characters; beyond that it must take our name. */
function differsByCautionOnly(saved, name) {
  const expected = [...name.replace(/^\.+|\.+$/g, "")];
  const got = [...saved];
  return got.length === expected.length && got.every((char, at) => char === expected[at] || char === "_");
}

test("a click saves every file under its clean name, and nowhere else", async () => {
  const files = await pool(8, NAMES, ([name], at) => reupload.uploadBySession({ name, type: "text/plain", bytes: Buffer.from("x") }, at % 2 === 0));
  const urls = await pool(8, files, async ({ fileId }) => (await reupload.call("GET", `/files/${fileId}/access?download=true`)).access.url);
  const page = await browser.newPage();
  for (const [at, [sent, clean = sent]] of NAMES.entries()) {
    assert.equal(files[at].name, clean);
    await page.setContent("<a>save</a>");
    await page.evaluate((url) => (document.querySelector("a").href = url), urls[at]);
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("a")]);
    const saved = download.suggestedFilename();
    assert.ok(differsByCautionOnly(saved, clean), `${JSON.stringify(clean)} was saved as ${JSON.stringify(saved)}`);
    assert.doesNotMatch(saved, /[/\\\p{Cc}\u202A-\u202E\u2066-\u2069]|^\.\.?$/u);
    await download.delete();
  }
  await page.close();
});

test("a name that Chromium sends in a form arrives as its owner knows it", async () => {
  const sent = [];
  const relay = await serve(async (request, response) => {
    if (request.method !== "POST") return response.writeHead(200, { "content-type": "text/html" }).end("<!DOCTYPE html>");
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    sent.push({ type: request.headers["content-type"], body: Buffer.concat(chunks) });
    response.end();
  });
  const names = ['say "hi".txt', "a\r\nb.txt", "写真.jpg", "🦀.gif", "100%.txt", "%41.txt", "back\\slash.txt", "it's; x=y.txt"];
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${relay.port}/`);
  await page.evaluate(
    async ([names, project]) => {
      const form = new FormData();
      form.set("projectId", project);
      for (const name of names) form.append("file", new File(["x"], name));
      await fetch("/", { method: "POST", body: form });
    },
    [names, reupload.project],
  );
  await page.close();
  relay.stop();
  const headers = { authorization: `Bearer ${reupload.key}`, "content-type": sent[0].type };
  const answer = await fetch(`${reupload.base}/uploads/direct`, { method: "POST", headers, body: sent[0].body });
  assert.equal(answer.status, 202);
  const { files } = await answer.json();
  const kept = await pool(8, files, async ({ uploadId, fileId }) => {
    await reupload.completed(uploadId);
    return (await reupload.call("GET", `/files/${fileId}`)).file.originalName;
  });
  assert.match(sent[0].body.toString(), /filename="say %22hi%22\.txt"[^]*filename="a%0D%0Ab\.txt"/, "Chromium writes them in another form");
  assert.deepEqual(kept, names);
});
