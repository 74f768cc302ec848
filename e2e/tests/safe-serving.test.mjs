// Nothing of an uploaded file runs or loads anything, whichever way a browser comes to it (TRUST scorecard, line 12).
// Every sample of ../active-content.mjs would call a beacon. A plain server gives the same samples to the same browser first, and there they do call.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { samples } from "../active-content.mjs";
import { Reupload, launchBrowser, pool, serve, sleep } from "../harness.mjs";
import { hostPage } from "../host-page.mjs";

/** Pages at work at once. */
const LANES = 4;
/** How long a document that has loaded may take to do harm, in ms. The plain server's documents have the same time. */
const SETTLE = 150;
/** How many files a host page takes in. */
const PER_PAGE = 8;

/** What may be shown in place, written down here once more. */
const SHOWN = /^(image\/(jpeg|png|gif|webp|avif|bmp)|application\/pdf|text\/(plain|csv); charset=utf-8|(video|audio)\/[a-z0-9-]+)$/;
/** Of these, what a viewer of the browser's shows that needs the document's origin. */
const VIEWED = /^(application\/pdf|(video|audio)\/.*)$/;
/** What a page of any origin could take in as its own code, as a script or a stylesheet. */
const INCLUDABLE = /javascript|ecmascript|jscript|livescript|text\/css|mpegurl/;

let reupload, browser, beacon, plain, host, hostUrl;
/** What the beacon was asked: `{group, index, cookie}`. */
const calls = [];
const plainSamples = [];
const cdnSamples = [];
/** The `file` of every sample: all public ones, then all private ones. */
let files;

before(async () => {
  const hear = (request) => {
    const [, group, index] = request.url.split("/");
    calls.push({ group, index: Number(index), cookie: request.headers.cookie });
  };
  beacon = await serve(
    (request, response) => {
      hear(request);
      response.writeHead(204, { "access-control-allow-origin": request.headers.origin ?? "*" }).end();
    },
    (request, socket) => (hear(request), socket.destroy()),
  );
  const address = (group) => (index) => `http://127.0.0.1:${beacon.port}/${group}/${index}`;
  plainSamples.push(...samples(address("plain")));
  cdnSamples.push(...samples(address("cdn")));
  plain = await serve((request, response) => {
    const sample = plainSamples[Number(request.url.split("/")[1])];
    const headers = { "content-type": sample?.type ?? "text/plain", "access-control-allow-origin": "*" };
    response.writeHead(sample ? 200 : 404, headers).end(sample?.bytes ?? "nothing");
  });
  host = await serve((request, response) => {
    const urls = new URL(request.url, "http://host").searchParams.getAll("u");
    response.writeHead(200, { "content-type": "text/html" }).end(hostPage(urls));
  });
  hostUrl = `http://localhost:${host.port}`;
  [reupload, browser] = await Promise.all([Reupload.start(), launchBrowser()]);
  files = await publish();
});

after(async () => {
  await browser?.close();
  await reupload?.stop();
  for (const server of [beacon, plain, host]) server?.stop();
});

/** Uploads all samples, public and private: by form, and by session where the declared type is the trick. */
function publish() {
  const all = [true, false].flatMap((isPublic) => cdnSamples.map((sample) => ({ ...sample, isPublic })));
  return pool(8, all, async ({ name, type, bytes, declared, isPublic }) => {
    if (declared) return reupload.uploadBySession({ name, bytes, type: declared }, isPublic);
    const [file] = await reupload.upload([{ name, bytes, type }], isPublic);
    return file;
  });
}

/** Addresses of host pages that take in all of `urls`, some on each: a page costs more than what is in it. */
function hosting(urls) {
  const pages = Array.from({ length: Math.ceil(urls.length / PER_PAGE) }, (_, page) => urls.slice(page * PER_PAGE, (page + 1) * PER_PAGE));
  return pages.map((some) => `${hostUrl}/?${new URLSearchParams(some.map((url) => ["u", url]))}`);
}
const heard = (group) => [...new Set(calls.filter((call) => call.group === group).map((call) => call.index))];

/** Goes to all addresses, and tells what happened: dialogs, downloads, the documents that `origin` gave, cookies, addresses that were asked. */
async function browse(addresses, origin) {
  const context = await browser.newContext();
  // Cookies know no ports: the browser sends this one to every server on 127.0.0.1, the plain one and the beacon too.
  await context.addCookies([{ name: "session", value: "secret", url: reupload.apiOrigin }]);
  const seen = { dialogs: [], downloads: new Set(), documents: [], asked: new Set() };
  context.on("request", (request) => seen.asked.add(new URL(request.url()).origin));
  const pages = [];
  for (let lane = 0; lane < LANES; lane += 1) {
    const page = await context.newPage();
    page.on("dialog", (dialog) => (seen.dialogs.push(page.url()), dialog.dismiss().catch(() => {})));
    page.on("download", (download) => (seen.downloads.add(download.url()), download.cancel().catch(() => {})));
    pages.push(page);
  }
  await pool(LANES, addresses, async (address, lane) => {
    const page = pages[lane];
    // A download ends a visit with an error; it leaves the page as it was.
    const error = await page.goto(address, { timeout: 2500 }).then(() => null, (error) => error);
    if (error?.message.includes("Download is starting")) return;
    await sleep(SETTLE);
    for (const frame of page.frames().filter((frame) => frame.url().startsWith(origin))) {
      const look = () => ({ url: location.href, origin: self.origin, type: document.contentType, title: document.title });
      const document = await Promise.race([frame.evaluate(look).catch(() => null), sleep(2000)]);
      if (document) seen.documents.push(document);
    }
  });
  await sleep(500);
  seen.cookies = (await context.cookies()).map(({ name, value }) => `${name}=${value}`);
  await context.close();
  return seen;
}

test("on a plain server the same samples call the beacon, and send it cookies", async (t) => {
  const origin = `http://127.0.0.1:${plain.port}`;
  const urls = plainSamples.map(({ name }, index) => `${origin}/${index}/${encodeURIComponent(name)}`);
  const seen = await browse([...urls, ...hosting(urls)], origin);
  const called = heard("plain");
  const withCookie = calls.filter(({ group, cookie }) => group === "plain" && cookie?.includes("session=secret"));
  t.diagnostic(`plain server: ${called.length} of ${plainSamples.length} samples called, ${withCookie.length} calls carried the cookie`);
  const silent = plainSamples.filter((sample, index) => sample.calls && !called.includes(index));
  assert.deepEqual(silent.map(({ name }) => name), [], "samples that should call, or the test proves nothing");
  assert.ok(withCookie.length > 0 && seen.dialogs.length > 0 && seen.cookies.includes("evil=1"));
  assert.ok(seen.documents.some((document) => document.title === "ran"));
});

test("on the CDN host none of them runs, loads anything or belongs to an origin", async (t) => {
  const origin = new URL(files[0].url).origin;
  // Public and private are served with the same headers (the next test), so that for the dearer ways one of the two is enough, in turns.
  const [one, other] = [0, 1].map((turn) => cdnSamples.map((_, index) => files[index + ((index + turn) % 2) * cdnSamples.length]));
  const saved = await pool(8, one, async ({ fileId }) => (await reupload.call("GET", `/files/${fileId}/access?download=true`)).access.url);
  const addresses = [...files.map(({ url }) => url), ...saved, ...hosting(other.map(({ url }) => url))];
  const seen = await browse(addresses, origin);
  t.diagnostic(`CDN host: ${heard("cdn").length} of ${cdnSamples.length} samples called, in ${addresses.length} visits; cookies: ${seen.cookies}`);
  assert.deepEqual(heard("cdn").map((index) => cdnSamples[index].name), [], "samples that ran or loaded something");
  assert.deepEqual(seen.dialogs, []);
  assert.deepEqual(seen.cookies, ["session=secret"], "no cookie was set or changed");
  const theirs = [...seen.asked].filter((asked) => asked.startsWith("http") && ![origin, hostUrl].includes(asked));
  assert.deepEqual(theirs, [], "neither the API host nor any other was asked for anything");
  assert.deepEqual(saved.filter((url) => !seen.downloads.has(url)), [], "with download=true everything is a download");
  // The browser's own viewers need the origin of a PDF, a video and a sound; see content_security_policy in domain/media.rs.
  const viewed = new Set(files.filter(({ mimeType }) => VIEWED.test(mimeType)).map(({ url }) => url));
  const documents = seen.documents.filter(({ url }) => !viewed.has(url));
  assert.ok(documents.length > 0);
  assert.deepEqual(documents.filter(({ origin }) => origin !== "null"), [], "documents with the origin of the CDN host");
  assert.deepEqual(documents.filter(({ type, title }) => title === "ran" || /html|xml/.test(type)), []);
});

test("the headers of every sample say so too, the same for public and private", async () => {
  const ways = [{}, { range: "bytes=0-0" }, { method: "HEAD" }, { "sec-fetch-dest": "document", accept: "text/html" }];
  const varies = ["cache-control", "date", "x-request-id"];
  const told = await pool(8, files, async ({ name, url }) => {
    const all = [];
    for (const { method = "GET", ...headers } of ways) {
      const response = await fetch(url, { method, headers });
      await response.arrayBuffer();
      const get = (header) => response.headers.get(header) ?? "";
      const what = `${name}: ${JSON.stringify([...response.headers])}`;
      const inline = get("content-disposition").startsWith("inline;");
      assert.ok(response.ok, what);
      assert.equal(get("x-content-type-options"), "nosniff", what);
      assert.equal(get("cross-origin-resource-policy"), "cross-origin", what);
      assert.equal(get("set-cookie"), "", what);
      assert.ok(inline || get("content-disposition").startsWith("attachment;"), what);
      assert.ok(!inline || SHOWN.test(get("content-type")), what);
      assert.ok(!INCLUDABLE.test(get("content-type")), what);
      const policy = get("content-security-policy");
      if (!inline || !VIEWED.test(get("content-type"))) assert.match(policy, /^sandbox; default-src 'none'/, what);
      else if (get("content-type") !== "application/pdf") assert.match(policy, /^sandbox allow-same-origin; default-src 'none'/, what);
      assert.doesNotMatch(policy, /allow-scripts|script-src/, what);
      all.push([...response.headers].filter(([header]) => !varies.includes(header)));
    }
    return all;
  });
  assert.deepEqual(told.slice(0, cdnSamples.length), told.slice(cdnSamples.length));
});

test("even a script on the CDN host's own origin could make no worker, module or style of an upload", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const taken = async (origin, list, urlOf) => {
    // Any document of the origin will do, such as the answer for what is not there.
    await page.goto(`${origin}/nothing`);
    const indexes = list.flatMap(({ name }, index) => (/\.(m?js|css)$/.test(name) ? [index] : []));
    const urls = indexes.map((index) => urlOf(index));
    return page.evaluate(async (urls) => {
      const loads = (tag, props) =>
        new Promise((done) => document.head.append(Object.assign(document.createElement(tag), props, { onload: () => done(true), onerror: () => done(false) })));
      const works = (url, type) =>
        new Promise((done) => {
          const worker = new Worker(url, { type });
          worker.onerror = () => done(false);
          setTimeout(() => done(true), 400);
        });
      const one = async (url) => ({
        serviceWorker: await navigator.serviceWorker.register(url, { scope: url }).then(() => true, () => false),
        module: await import(url).then(() => true, () => false),
        script: await loads("script", { src: url }),
        style: await loads("link", { rel: "stylesheet", href: url }),
        worker: await works(url),
      });
      const all = await Promise.all(urls.map(one));
      return all.flatMap((ways, at) => Object.entries(ways).flatMap(([way, worked]) => (worked ? [`${way} ${urls[at]}`] : [])));
    }, urls);
  };
  const plainOrigin = `http://127.0.0.1:${plain.port}`;
  const onPlain = await taken(plainOrigin, plainSamples, (index) => `${plainOrigin}/${index}/x`);
  for (const way of ["serviceWorker", "module", "script", "style", "worker"]) assert.ok(onPlain.some((took) => took.startsWith(way)), way);
  assert.deepEqual(await taken(new URL(files[0].url).origin, cdnSamples, (index) => files[index].url), []);
  assert.deepEqual(heard("cdn"), []);
  await context.close();
});
