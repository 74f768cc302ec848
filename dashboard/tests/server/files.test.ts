// A person uploads files in the dashboard, looks at them, orders them and deletes some: each step leads to the next.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { button, heading, served } from "./served";

const here = served();

/** A busy machine may take longer than the second that polling has by itself. */
const SOON = { timeout: 10_000 };

const tile = (page: Page, name: string) => page.getByRole("article").filter({ hasText: name });
const tray = (page: Page) => page.getByRole("region", { name: "Uploads" });
const menu = async (page: Page, name: string, entry: string) => {
  await button(page, `Actions for ${name}`).click();
  await page.getByRole("menuitem", { name: entry, exact: true }).click();
};
const choose = (page: Page, ...files: { name: string; mimeType: string; buffer: Buffer }[]) =>
  page.locator('input[type="file"]').setInputFiles(files);
const text = (name: string, words = "Hello, Reupload.\n") => ({
  name,
  mimeType: "text/plain",
  buffer: Buffer.from(words),
});
const picture = async (name: string) => ({
  name,
  mimeType: "image/png",
  buffer: await readFile(fileURLToPath(new URL("./picture.png", import.meta.url))),
});

it("goes from the first file to an ordered folder", async () => {
  const { app, server } = here;
  const page = await app.open(server.link);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Files", exact: true }).click();
  await heading(page, "Files");
  await page.getByRole("heading", { name: "No files yet" }).waitFor();

  // Chosen files travel by the published client, straight to the CDN host, and appear when they are ready.
  await choose(page, await picture("harbor.png"), text("notes.txt"), text("empty.txt", ""));
  await tray(page).getByText("2 files uploaded").waitFor();
  await page
    .getByRole("region", { name: "Messages" })
    .getByText(/empty\.txt/)
    .waitFor();
  await tile(page, "notes.txt").waitFor();
  await button(page, "Close uploads").click();

  // The thumbnail is fetched with a signed address.
  const image = tile(page, "harbor.png").locator("img");
  await image.waitFor();
  await expect.poll(() => image.evaluate((element: HTMLImageElement) => element.naturalWidth), SOON).toBeGreaterThan(0);

  // A folder comes into being by moving into it.
  await menu(page, "notes.txt", "Move");
  await page.getByLabel("Folder", { exact: true }).fill("papers/2026");
  await button(page, "Move").click();
  const folders = page.getByRole("navigation", { name: "Folders" });
  await folders.getByRole("button", { name: "Open papers" }).click();
  await folders.getByRole("link", { name: /^2026/ }).click();
  await heading(page, "2026");
  await tile(page, "notes.txt").waitFor();
  expect(await page.getByRole("article").count()).toBe(1);

  // What is uploaded here stays here, also when somebody goes elsewhere meanwhile.
  await choose(page, text("second.txt", "The second.\n"));
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Uploads" }).click();
  await tray(page).getByText("1 file uploaded").waitFor();
  await page.goBack();
  await tile(page, "second.txt").waitFor();

  await menu(page, "second.txt", "Rename");
  await page.getByLabel("Name", { exact: true }).fill("last.txt");
  await button(page, "Rename").click();
  await tile(page, "last.txt").waitFor();

  // The search looks at the whole project from the top.
  await folders.getByRole("link", { name: "All files" }).click();
  await heading(page, "Files");
  await page.getByRole("searchbox").fill("LAST");
  await expect.poll(() => page.getByRole("article").count(), SOON).toBe(1);
  await page.getByRole("searchbox").fill("zebra");
  await page.getByRole("heading", { name: "Nothing found" }).waitFor();
  await button(page, "Clear the search").click();
  await page.getByLabel("Kind of file").selectOption("image");
  await expect.poll(() => page.getByRole("article").count(), SOON).toBe(1);
  await page.getByLabel("Kind of file").selectOption("");

  // A signed link works for who has it.
  await menu(page, "last.txt", "Make a signed link");
  await button(page, "Make link").click();
  const link = await page.getByRole("textbox", { name: "Signed link" }).inputValue();
  expect(await (await fetch(link)).text()).toBe("The second.\n");
  await button(page, "Done").click();

  // The file's page shows what is in it and what happened.
  await tile(page, "last.txt").getByRole("link").click();
  await heading(page, "last.txt");
  await page.getByText("The second.").waitFor();
  await page.getByText("Ready", { exact: true }).waitFor();
  await page.getByText("New name.").waitFor();

  // Public files have an address that stays; private ones have none again.
  await menu(page, "last.txt", "Make public");
  await button(page, "Make public").click();
  await button(page, "Copy address").waitFor();
  const address = await page.locator("code", { hasText: "/v1/files/" }).textContent();
  expect((await fetch(address ?? "")).status).toBe(200);
  await menu(page, "last.txt", "Make private");
  await button(page, "Make private").click();
  await button(page, "Signed link").waitFor();
  expect((await fetch(address ?? "")).status).toBe(404);

  // Two go at once.
  await page.getByRole("link", { name: "papers/2026" }).click();
  await page.getByLabel("Select notes.txt").check({ force: true });
  await page.getByLabel("Select last.txt").check({ force: true });
  await button(page, "Delete").click();
  await button(page, "Delete 2 files").click();
  await page.getByRole("heading", { name: "No files in this folder" }).waitFor();

  // A folder goes with all that is in it, once its name is written.
  await choose(page, text("third.txt", "The third.\n"));
  await tile(page, "third.txt").waitFor();
  await page.getByRole("link", { name: "papers", exact: true }).click();
  await heading(page, "papers");
  await button(page, "Folder actions").click();
  await page.getByRole("menuitem", { name: "Delete folder" }).click();
  await expect.poll(() => button(page, "Delete 1 file").isDisabled(), SOON).toBe(true);
  await page.getByLabel("Type “papers” to confirm").fill("papers");
  await button(page, "Delete 1 file").click();
  await heading(page, "Files");
  await tile(page, "harbor.png").waitFor();
  await expect.poll(() => page.getByRole("link", { name: "papers" }).count(), SOON).toBe(0);

  // An upload that fails says why, in the tray and on its page.
  const [project] = JSON.parse(await server.admin("project", "list", "--json"));
  await server.admin("project", "update", project.id, "--allow-type", "image/*");
  await choose(page, { ...text("not-a-picture.png"), mimeType: "image/png" });
  await tray(page).getByText("2 files uploaded, 1 failed").waitFor();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Uploads" }).click();
  await page.getByText("Running", { exact: true }).click();
  await page.getByRole("heading", { name: "Nothing is running" }).waitFor();
  await page.getByText("Failed", { exact: true }).first().click();
  await button(page, "not-a-picture.png").click();
  const panel = page.getByRole("dialog");
  await panel.getByText("This type is not allowed.").waitFor();
  await panel
    .getByText(/text\/plain/)
    .first()
    .waitFor();
});
