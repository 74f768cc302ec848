// How the list of files holds up with 100,000 of them: `node tests/many/measure.mjs [URL] [--look list] [--rows 20000]`.
//
// Without a URL against the played API, with pages of PLAYED_PAGE files. With one, the address that `reupload dev` prints to
// sign in, against a server that seed.py has filled, with its CDN host in --cdn; --path names a page other than all files.
// Says how long the first rows took, and the main thread's tasks of more than 100 ms while scrolling, by the processor's
// clock: on a busy machine the wall's says how busy it is.
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { build } from "vite";
import { PROJECT, WORKSPACE } from "../played/routes/account.mjs";
import { play } from "../played/server.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    look: { type: "string", default: "grid" },
    rows: { type: "string", default: "100000" },
    path: { type: "string" },
    dist: { type: "string" },
    cdn: { type: "string" },
  },
});

const dist = values.dist ?? "/tmp/reupload-many";
if (!values.dist) await build({ logLevel: "warn", build: { outDir: dist, emptyOutDir: true } });
const real = positionals[0];
const played = await play({ dist, data: "many", cdn: values.cdn });
const base = real ?? played.url;

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
if (real) {
  // See tests/browser/harness.ts.
  await page.context().grantPermissions(["local-network-access"]);
  await page.route(
    (url) => url.origin === new URL(real).origin && !url.pathname.startsWith("/api/"),
    async (route) => {
      const { pathname, search } = new URL(route.request().url());
      await route.fulfill({ response: await route.fetch({ url: played.url + pathname + search }) });
    },
  );
}
page.on("pageerror", (error) => console.error(error.message));
await page.addInitScript((look) => localStorage.setItem("reupload.files.look", look), values.look);
const cdp = await page.context().newCDPSession(page);

let path = values.path;
if (real) {
  await page.goto(real);
  await page.waitForSelector("h1");
  path ??= await page.getByRole("link", { name: "Files", exact: true }).getAttribute("href");
}
path ??= `/w/${WORKSPACE}/p/${PROJECT}/files`;
const started = Date.now();
await page.goto(new URL(path, base).href);
const row = values.look === "list" ? "tbody tr[aria-rowindex]" : "article";
await page.waitForSelector(row);
console.log(`first rows after ${Date.now() - started} ms`);

/** The tasks of the page's main thread since the last call, in milliseconds of the processor's time. */
const tasks = async () => {
  const events = [];
  const collect = ({ value }) => events.push(...value);
  cdp.on("Tracing.dataCollected", collect);
  const done = new Promise((resolve) => cdp.once("Tracing.tracingComplete", resolve));
  await cdp.send("Tracing.end");
  await done;
  cdp.off("Tracing.dataCollected", collect);
  const main = events.filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain");
  return events
    .filter(({ name, pid, tid }) => name === "RunTask" && main.some((each) => each.pid === pid && each.tid === tid))
    .map(({ tdur = 0, dur = 0 }) => ({ cpu: tdur / 1000, wall: dur / 1000 }));
};
const begin = () =>
  cdp.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { includedCategories: ["disabled-by-default-devtools.timeline"], excludedCategories: ["*"] },
  });
const long = async (what) => {
  const all = await tasks();
  const worst = (clock) => Math.round(Math.max(0, ...all.map((task) => task[clock])));
  const over = all.filter(({ cpu }) => cpu > 100).length;
  console.log(
    `${what}: ${all.length} tasks, ${over} over 100 ms of CPU, the longest ${worst("cpu")} ms (${worst("wall")} ms by the wall)`,
  );
  await begin();
};
await begin();
await page.reload();
await page.waitForSelector(row);
await page.waitForTimeout(1000);
await long("first view");

// To the end, as fast as pages come.
const height = () => page.evaluate(() => document.documentElement.scrollHeight);
const wanted = Number(values.rows);
const loaded = () =>
  page.evaluate((selector) => Number(document.querySelector(selector)?.dataset.count ?? 0), "[data-count]");
const begun = Date.now();
while ((await loaded()) < wanted) {
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  await page.waitForTimeout(30);
  if (Date.now() - begun > 60_000) break;
}
console.log(`${await loaded()} files, ${await height()} px high, after ${Math.round((Date.now() - begun) / 1000)} s`);
await long("loading the last of them");

// By wheel, as people do, through all that is loaded.
await page.evaluate(() => scrollTo(0, 0));
await page.waitForTimeout(500);
await long("to the top");
await page.mouse.move(800, 500);
for (let step = 0; step < 60; step += 1) {
  await page.mouse.wheel(0, 600);
  await page.waitForTimeout(40);
}
await long("by wheel from the top");
const middle = (await height()) / 2;
for (let step = 0; step < 20; step += 1) {
  await page.evaluate((y) => scrollTo(0, y), middle + step * 5000);
  await page.waitForTimeout(80);
}
await long("jumps in the middle");
await page.locator(`${row} input[type="checkbox"]`).first().press("Space");
await page.waitForTimeout(300);
await long("selecting one");
console.log(`${await page.evaluate(() => document.querySelectorAll("*").length)} elements in the document`);
await browser.close();
played.close();
