// Builds the stories, takes a picture of each, wide and narrow, light and dark, and runs axe on each. Fails on a violation
// and on anything in the browser's console. `npm run stories:look -- file avatar-error` looks only at what begins so.
import { mkdtemp, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { build, preview } from "vite";

const chromiumPath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
const looks = [
  { name: "wide-light", width: 1200, colorScheme: "light", query: "" },
  { name: "wide-dark", width: 1200, colorScheme: "dark", query: "" },
  { name: "narrow-light", width: 360, colorScheme: "dark", query: "&theme=light" },
  { name: "narrow-dark", width: 360, colorScheme: "light", query: "&theme=dark" },
];
const wanted = process.argv.slice(2);
const root = fileURLToPath(new URL(".", import.meta.url));
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const folder = await mkdtemp(join(tmpdir(), "reupload-stories-"));

await build({ root, logLevel: "warn" });
const server = await preview({ root, logLevel: "warn", preview: { port: 0, host: "127.0.0.1" } });
const address = server.resolvedUrls?.local[0];
const browser = await chromium.launch({ executablePath: chromiumPath, args });
const faults = [];

async function namesOf(page) {
  await page.goto(address);
  const links = await page.locator("nav a").allTextContents();
  return links.filter((name) => wanted.length === 0 || wanted.some((start) => name.startsWith(start)));
}

async function lookAt(page, name, { name: look, query }) {
  await page.goto(`${address}?story=${name}${query}`);
  await page.locator(".story[data-ready]").waitFor({ timeout: 8000 });
  await page.screenshot({ path: join(folder, `${name}.${look}.png`), fullPage: true });
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    window.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
      rules: { "page-has-heading-one": { enabled: false } },
    }),
  );
  for (const { id, help, nodes } of violations)
    faults.push(`${name} ${look}: ${id}: ${help}\n  ${nodes[0]?.html}\n  ${nodes[0]?.failureSummary}`);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  if (overflow > 0) faults.push(`${name} ${look}: ${overflow} px wider than the window`);
}

/** All pictures of one component in one, to look through them at a glance. */
async function sheet(page, component, names, look) {
  const images = await Promise.all(names.map((name) => readFile(join(folder, `${name}.${look}.png`), "base64")));
  const figures = images.map(
    (image, index) =>
      `<figure><figcaption>${names[index]}</figcaption><img src="data:image/png;base64,${image}"></figure>`,
  );
  const size = look.startsWith("wide") ? "560px" : "300px";
  const style = `body{margin:8px;display:flex;flex-wrap:wrap;gap:8px;font:14px sans-serif}figure{margin:0}img{width:${size};border:1px solid #888}`;
  await page.setViewportSize({ width: look.startsWith("wide") ? 1740 : 1560, height: 400 });
  await page.setContent(`<style>${style}</style>${figures.join("")}`);
  await page.screenshot({ path: join(folder, `sheet.${component}.${look}.png`), fullPage: true });
}

async function lookAtAll(setting) {
  const { width, colorScheme, name: look } = setting;
  const context = await browser.newContext({ viewport: { width, height: 480 }, colorScheme, reducedMotion: "reduce" });
  const page = await context.newPage();
  page.on("console", (message) => message.type() === "error" && faults.push(`${page.url()}: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`${page.url()}: ${error.message}`));
  const names = await namesOf(page);
  for (const name of names) {
    await lookAt(page, name, setting).catch(({ message }) => faults.push(`${name} ${look}: ${message}`));
  }
  for (const component of new Set(names.map((name) => name.split("-")[0]))) {
    await sheet(
      page,
      component,
      names.filter((name) => name.startsWith(`${component}-`)),
      look,
    );
  }
  console.log(`${look}: ${names.length} stories`);
  await context.close();
}

try {
  await Promise.all(looks.map(lookAtAll));
} finally {
  await browser.close();
  await server.close();
}
console.log(`pictures: ${folder}`);
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
