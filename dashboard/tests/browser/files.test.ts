import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
// @ts-expect-error: a script without types
import { PROJECT, WORKSPACE } from "../played/routes/account.mjs";
import { type Harness, start } from "./harness";

let app: Harness;
beforeAll(async () => {
  app = await start();
}, 120_000);
afterAll(() => app.stop());
afterEach(() => app.done());

const files = `/w/${WORKSPACE}/p/${PROJECT}/files`;
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute("aria-label") ?? element?.closest("span")?.textContent ?? element?.tagName;
  });
const menu = async (page: Page, name: string) => {
  await button(page, `Actions for ${name}`).click();
  return page.getByRole("menu", { name: `Actions for ${name}` });
};

describe("the focus", () => {
  it("goes to the heading when a file is deleted, with the button that asked", async () => {
    const page = await app.open(files);
    const entries = await menu(page, "Harbor at dawn.jpg");
    await entries.getByRole("menuitem", { name: "Delete" }).click();
    await button(page, "Delete file").click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.waitForFunction(() => document.activeElement?.tagName === "H1");
  });

  it("stays with the selection, from all files back to none", async () => {
    const page = await app.open(files);
    await page.getByLabel("Select avatar.png").press("Space");
    await button(page, "Select all").press("Enter");
    expect(await focused(page)).toBe("Clear selection (Esc)");
    await page.keyboard.press("Escape");
    await page.getByRole("region", { name: "Selected files" }).waitFor({ state: "detached" });
    expect(await focused(page)).toBe("Select Harbor at dawn.jpg");
  });

  it("goes into a file's menu by an arrow, and back", async () => {
    const page = await app.open(files);
    await button(page, "Actions for avatar.png").press("ArrowDown");
    await page.waitForFunction(() => document.activeElement?.textContent === "Download");
    await page.keyboard.press("Escape");
    expect(await focused(page)).toBe("Actions for avatar.png");
  });

  it("goes on to the next upload when one is taken off the list", async () => {
    const page = await app.open(files);
    const buffer = Buffer.alloc(10);
    await page.locator('input[type="file"]').setInputFiles([
      { name: "refused a.iso", mimeType: "application/octet-stream", buffer },
      { name: "refused b.iso", mimeType: "application/octet-stream", buffer },
    ]);
    await button(page, "Take refused a.iso off the list").press("Enter");
    expect(await focused(page)).toBe("Take refused b.iso off the list");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement?.tagName === "H1");
  });

  it("goes to the first field that is wrong", async () => {
    const page = await app.open(`/w/${WORKSPACE}/keys`);
    await button(page, "New key").click();
    await page.getByLabel("Read").uncheck();
    await page.getByLabel("Write").uncheck();
    await button(page, "Create key").press("Enter");
    await page.waitForFunction(() => document.activeElement?.getAttribute("aria-invalid") === "true");
    await page.keyboard.type("Portal");
    await button(page, "Create key").press("Enter");
    await page.waitForFunction(() => document.activeElement === document.querySelector("[data-invalid] input"));
  });
});

it("says that it selects only what is shown, while there is more", async () => {
  const page = await app.open(`/w/${WORKSPACE}`);
  await page.route(/\/files\?.*limit=100/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), nextCursor: "14" } });
  });
  // The next page does not come.
  await page.route(/\/files\?.*cursor=/, (route) => route.fulfill({ status: 500, json: {} }));
  await page.goto(new URL(files, page.url()).href);
  await page.getByLabel("Select avatar.png").press("Space");
  await button(page, "Select all shown").click();
  await page.getByText("14 files selected").waitFor();
});

it("offers a signed link of a private file alone: the address of a public one does not end", async () => {
  const page = await app.open(files);
  const ofPrivate = await menu(page, "Harbor at dawn.jpg");
  expect(await ofPrivate.getByRole("menuitem", { name: "Make a signed link" }).count()).toBe(1);
  await page.keyboard.press("Escape");
  const ofPublic = await menu(page, "quarterly-report-2026-q3.pdf");
  await ofPublic.getByRole("menuitem", { name: "Copy address" }).waitFor();
  expect(await ofPublic.getByRole("menuitem", { name: "Make a signed link" }).count()).toBe(0);
});

it("says of a folder without files of its own that they are in its subfolders, and shows these", async () => {
  const page = await app.open(`${files}?folder=invoices`);
  await page.getByText("All of them are in its subfolders.").waitFor();
  await page.getByRole("list", { name: "Subfolders" }).getByRole("link", { name: "2026" }).click();
  await page.getByRole("heading", { level: 1, name: "2026" }).waitFor();
  // In a folder with files the tree beside them is enough.
  await page.getByRole("link", { name: "invoice-10442.pdf" }).waitFor();
  await page.getByRole("navigation", { name: "Folders" }).getByRole("link", { name: "photos" }).click();
  await page.getByText("All of them are in its subfolders.").waitFor();
});

it("says in a list of several folders where each file is, at every width", async () => {
  for (const width of [360, 1280]) {
    const page = await app.open(files, { width });
    await page.getByTitle("List").click();
    const row = page.getByRole("row").filter({ hasText: "invoice-10442.pdf" });
    expect(await row.getByText("invoices/2026").isVisible()).toBe(true);
    await page.goto(new URL(`${files}?folder=invoices/2026`, page.url()).href);
    await row.waitFor();
    expect(await row.getByText("invoices/2026").count()).toBe(0);
  }
});

it("breaks a long name that is to be written, and is no wider for it", async () => {
  const page = await app.open(`${files}?folder=${"x".repeat(120)}`, { width: 360 });
  await button(page, "Folder actions").click();
  await page.getByRole("menuitem", { name: "Delete folder" }).click();
  const body = page.locator("dialog [data-body]");
  const [inside, outside] = await body.evaluate((element) => [element.scrollWidth, element.clientWidth]);
  expect(inside).toBe(outside);
});

it("shows messages beside the tray of uploads, never over it", async () => {
  for (const width of [360, 800, 1280]) {
    const page = await app.open(files, { width });
    const buffer = Buffer.alloc(20_000);
    await page.locator('input[type="file"]').setInputFiles([
      { name: "report.pdf", mimeType: "application/pdf", buffer },
      { name: "empty.txt", mimeType: "text/plain", buffer: Buffer.alloc(0) },
    ]);
    const message = page.getByRole("region", { name: "Messages" });
    await message.getByText(/empty/).waitFor();
    await page.waitForTimeout(300);
    const [over, tray] = await Promise.all([
      message.boundingBox(),
      page.getByRole("region", { name: "Uploads" }).boundingBox(),
    ]);
    if (!over || !tray) throw new Error("both are in sight");
    const apart = over.x + over.width <= tray.x || over.y + over.height <= tray.y;
    expect(apart, `at ${width}px`).toBe(true);
    expect(over.x >= 0 && over.y >= 0 && over.x + over.width <= width).toBe(true);
  }
});
