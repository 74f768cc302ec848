// Screenshots of every page, and axe on each: `npm run look [-- name …] [--width 1440] [--theme dark] [--data little]`.
//
// Each file of tests/looks/ exports `looks`: [{name, url, signedOut?, data?, act?(page), full?}]. The pictures go to
// /tmp/reupload-look-CLONE/NAME-WIDTH-THEME-DATA.png, CLONE being the folder of the repository. Any axe violation, console error, CSP report or page that is wider than
// the window fails it.
import { mkdir, readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { build } from "vite";
import { play } from "../tests/played/server.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    width: { type: "string", multiple: true, default: ["1440", "768", "360"] },
    theme: { type: "string", multiple: true, default: ["light", "dark"] },
    data: { type: "string", multiple: true, default: ["little", "none"] },
    out: { type: "string", default: `/tmp/reupload-look-${basename(dirname(root))}` },
  },
});

const source = readFile(join(root, "node_modules/axe-core/axe.min.js"), "utf8");

const dist = `${values.out}/dist`;
await mkdir(values.out, { recursive: true });
await build({ root, mode: "look", logLevel: "warn", build: { outDir: dist, emptyOutDir: true } });

const looks = [];
for (const file of await readdir(join(root, "tests/looks"))) {
  looks.push(...(await import(join(root, "tests/looks", file))).looks);
}
const chosen = positionals.length
  ? looks.filter(({ name }) => positionals.some((word) => name.startsWith(word)))
  : looks;

const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
});
let wrong = 0;
const complain = (where, what) => {
  wrong += 1;
  console.error(`${where}: ${what}`);
};

for (const data of values.data) {
  const servers = { true: await play({ dist, data }), false: await play({ dist, data, signedIn: false }) };
  for (const theme of values.theme) {
    for (const width of values.width.map(Number)) {
      const context = await browser.newContext({
        viewport: { width, height: width < 600 ? 760 : 900 },
        colorScheme: theme,
        reducedMotion: "reduce",
      });
      for (const look of chosen.filter((each) => !each.data || each.data === data)) {
        await one(context, servers[!look.signedOut].url, look, `${look.name}-${width}-${theme}-${data}`);
      }
      await context.close();
    }
  }
  for (const server of Object.values(servers)) server.close();
}
await browser.close();
console.log(wrong ? `${wrong} things are wrong` : `all right; the pictures are in ${values.out}`);
process.exitCode = wrong ? 1 : 0;

async function one(context, base, look, name) {
  const page = await context.newPage();
  page.on("console", (message) => {
    // A played refusal is logged by the browser itself; what the page does with it is in the picture.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
      complain(name, message.text());
  });
  page.on("pageerror", (error) => complain(name, error.message));
  try {
    await page.goto(base + look.url);
    await page.waitForFunction(
      () => document.querySelector("h1") && !document.querySelector('table[aria-busy="true"]'),
      null,
      { timeout: 5000 },
    );
    await page.waitForTimeout(150);
    await look.act?.(page);
    await page.waitForTimeout(100);
    await page.screenshot({ path: `${values.out}/${name}.png`, fullPage: look.full ?? true });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (overflow > 0) complain(name, `the page is ${overflow}px wider than the window`);
    await axe(page, name);
  } catch (error) {
    complain(name, error.message.split("\n")[0]);
    await page.screenshot({ path: `${values.out}/${name}.png` });
  }
  await page.close();
}

async function axe(page, name) {
  // By the debugger's own way in, which the page's Content-Security-Policy does not concern.
  await page.evaluate(await source);
  const violations = await page.evaluate(async () => (await globalThis.axe.run()).violations);
  for (const { id, help, nodes } of violations) {
    complain(name, `axe ${id}: ${help}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
  }
}
