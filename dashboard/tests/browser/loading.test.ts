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

const w = `/w/${WORKSPACE}`;

/** Reloads the page, and holds the answers to some of its calls until the returned function is called. */
async function hold(page: Page, calls: RegExp) {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(calls, async (route) => {
    await held;
    await route.continue();
  });
  const asked = page.waitForRequest(calls);
  await page.reload();
  await asked;
  return release;
}

const top = async (page: Page, name: string) =>
  (await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name, exact: true }).boundingBox())?.y;

describe("nothing jumps while it loads:", () => {
  it("the sidebar, when the projects come", async () => {
    for (const path of [`${w}/p/${PROJECT}/uploads`, `${w}/members`]) {
      const page = await app.open(`${w}/p/${PROJECT}/uploads`);
      await page.getByRole("button", { name: "Project Customer portal" }).waitFor();
      await page.goto(new URL(path, page.url()).href);
      await page.getByRole("button", { name: "Project Customer portal" }).waitFor();
      const release = await hold(page, /\/projects$/);
      await page.locator("h1").waitFor();
      const before = await top(page, "API keys");
      release();
      await page.getByRole("button", { name: "Project Customer portal" }).waitFor();
      expect(await top(page, "API keys")).toBe(before);
    }
  });

  it("the new files, when it is known what has failed", async () => {
    const page = await app.open(w);
    await page.getByRole("heading", { name: "Failed lately" }).waitFor();
    const release = await hold(page, /\/uploads\?/);
    await page.getByRole("heading", { name: "Running uploads" }).waitFor();
    await page.waitForTimeout(300);
    expect(await page.getByRole("heading", { name: "New files" }).count()).toBe(0);
    release();
    await page.getByRole("heading", { name: "Failed lately" }).waitFor();
    await page.getByRole("heading", { name: "New files" }).waitFor();
  });
});

it("says on the page of snippets that the projects could not be loaded, and tries again", async () => {
  const page = await app.open(w);
  let down = true;
  await page.route(/\/projects$/, (route) =>
    down
      ? route.fulfill({
          status: 500,
          json: { error: "INTERNAL_ERROR", message: "The server failed.", requestId: "r1" },
        })
      : route.continue(),
  );
  await page.goto(new URL(`${w}/p/${PROJECT}/integrate`, page.url()).href);
  await page.getByText("The server failed. Request r1.").waitFor();
  down = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("1. Take a key").waitFor();
});
