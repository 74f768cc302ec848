// @vitest-environment node
/** A component in Chromium: what jsdom does not do, such as dropped folders, the keyboard's way, and the cascade. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import type {} from "../../../testing/server.js";
import { App, hang } from "../../client/tests/support/app.js";
import { startBackend } from "../../client/tests/support/backend.js";
import { bundle } from "../../client/tests/support/bundle.js";
import { until } from "../../client/tests/support/files.js";

let browser: Browser;
let script: string;
let app: App;
let folder: string;

beforeAll(async () => {
  const page = JSON.stringify(path.join(import.meta.dirname, "support/page.tsx"));
  script = await bundle(`import { mount } from ${page}; mount();`);
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  });
});

afterAll(() => browser.close());

beforeEach(async () => {
  app = await App.start();
  folder = mkdtempSync(path.join(tmpdir(), "reupload-drop-"));
});

afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await app.stop();
  rmSync(folder, { recursive: true });
});

async function open(
  query: Record<string, string> = {},
  colorScheme: "light" | "dark" = "light",
  at = app.apiUrl,
): Promise<Page> {
  const page = await (await browser.newContext({ colorScheme })).newPage();
  await page.goto(`${new URL("/page", at)}?${new URLSearchParams(query)}`);
  await page.addScriptTag({ content: script });
  return page;
}

/** Drops files and folders of this machine, as its file manager would. */
async function drop(page: Page, ...files: string[]) {
  const devtools = await page.context().newCDPSession(page);
  const box = await page.locator(".reupload-drop").boundingBox();
  if (!box) throw new Error("no drop area");
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await devtools.send("Input.dispatchDragEvent", { type, x: box.x + 20, y: box.y + 20, data });
  }
}

const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent);

test("a dropped folder brings its files, and only those that are accepted are sent", async () => {
  mkdirSync(path.join(folder, "year/month"), { recursive: true });
  // More than one portion of entries.
  for (let at = 0; at < 110; at++) writeFileSync(path.join(folder, `year/${at}.exe`), "no");
  writeFileSync(path.join(folder, "year/late.txt"), "late");
  writeFileSync(path.join(folder, "year/month/deep.pdf"), "deep");
  writeFileSync(path.join(folder, "beside.txt"), "beside");
  const page = await open();
  await drop(page, path.join(folder, "year"), path.join(folder, "beside.txt"));
  await page.getByText("3 of 113 uploaded, 110 failed").waitFor();
  const sent = [...app.sessions.values()].map(({ declared, bytes }) => `${declared.filename}: ${bytes}`);
  expect(sent.sort()).toEqual(["beside.txt: beside", "deep.pdf: deep", "late.txt: late"]);
  expect(await page.locator(".reupload-reason").allTextContents()).toEqual(
    Array(110).fill("Not an accepted type. Use PDF or TXT."),
  );
});

test("a click anywhere in the area, and Enter on it, open the dialog", async () => {
  const page = await open();
  // From now on and for good: for each waitForEvent anew it would not always be there in time.
  page.on("filechooser", () => {});
  const area = await page.locator(".reupload-drop").boundingBox();
  const [byMouse] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.mouse.click((area?.x ?? 0) + 5, (area?.y ?? 0) + 5),
  ]);
  expect(byMouse.isMultiple()).toBe(true);
  // Closed without a choice: a page has one dialog at a time.
  await byMouse.setFiles([]);
  const [byKey] = await Promise.all([page.waitForEvent("filechooser"), page.keyboard.press("Enter")]);
  writeFileSync(path.join(folder, "a.pdf"), "a");
  await byKey.setFiles(path.join(folder, "a.pdf"));
  await page.getByText("Uploaded", { exact: true }).waitFor();
});

test("the keyboard keeps its place while a file is cancelled, tried again, checked and removed", async () => {
  writeFileSync(path.join(folder, "a.pdf"), "a");
  app.once("put", hang);
  const page = await open();
  await drop(page, path.join(folder, "a.pdf"));
  await until(() => app.of("put").length === 1);
  await page.getByRole("button", { name: "Choose files" }).focus();
  await page.keyboard.press("Tab");
  expect(await focused(page)).toBe("Cancel a.pdf");
  await page.keyboard.press("Enter");
  await page.getByText("Cancelled").waitFor();
  expect(await focused(page)).toBe("Retry a.pdf");
  await page.keyboard.press("Enter");
  await page.getByText("Uploaded", { exact: true }).waitFor();
  expect(await focused(page)).toContain("a.pdf");
  await page.keyboard.press("Tab");
  expect(await focused(page)).toBe("Remove a.pdf");
  await page.keyboard.press("Enter");
  await page.getByRole("listitem").waitFor({ state: "detached" });
  await expect.poll(() => focused(page)).toBe("Choose files");
});

test("a file reaches the real server", async () => {
  writeFileSync(path.join(folder, "a.pdf"), "%PDF-1.4\n");
  const backend = await startBackend(inject("server"));
  const page = await open({ api: "/" }, "light", backend.apiUrl);
  await drop(page, path.join(folder, "a.pdf"));
  await page.getByText("Uploaded", { exact: true }).waitFor();
  await backend.stop();
});

describe("the theme", () => {
  const colours = async (page: Page) =>
    page.locator(".reupload").evaluate((root) => {
      const link = root.querySelector(".reupload-link");
      return [getComputedStyle(root).backgroundColor, link && getComputedStyle(link).color];
    });
  const light = ["rgb(255, 255, 255)", "rgb(53, 87, 214)"];
  const dark = ["rgb(27, 31, 39)", "rgb(139, 165, 255)"];

  test("follows the system, and the nearest attribute before it", async () => {
    expect(await colours(await open())).toEqual(light);
    expect(await colours(await open({}, "dark"))).toEqual(dark);
    expect(await colours(await open({ theme: "light" }, "dark"))).toEqual(light);
    const page = await open({ theme: "dark" });
    expect(await colours(page)).toEqual(dark);
    await page.evaluate(() => document.documentElement.setAttribute("data-reupload-theme", "light"));
    expect(await colours(page)).toEqual(dark);
    await page.evaluate(() => document.querySelector("main")?.removeAttribute("data-reupload-theme"));
    expect(await colours(page)).toEqual(light);
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await colours(page)).toEqual(light);
  });

  test("takes an app's colour from any parent, also from beyond the attribute", async () => {
    const around = "--reupload-accent: rgb(1, 2, 3)";
    expect(await colours(await open({ around, theme: "dark" }))).toEqual([dark[0], "rgb(1, 2, 3)"]);
    expect(await colours(await open({ around }))).toEqual([light[0], "rgb(1, 2, 3)"]);
  });
});
