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

const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute("aria-label") ?? element?.textContent?.trim() ?? "";
  });
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

describe("a dialog", () => {
  it("holds the focus, makes the rest inert, closes by Esc and gives the focus back", async () => {
    const page = await app.open("/ui");
    await button(page, "Open dialog").click();
    const dialog = page.getByRole("dialog", { name: "New project" });
    await dialog.waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute("placeholder"))).toBe("Customer portal");
    for (let step = 0; step < 12; step += 1) {
      await page.keyboard.press("Tab");
      // A modal dialog lets the browser's own frame have the focus in between, but never the page behind it.
      const outside = await page.evaluate(() => {
        const element = document.activeElement;
        return element !== document.body && element?.closest("dialog") === null;
      });
      expect(outside).toBe(false);
    }
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    expect(await focused(page)).toBe("Open dialog");
  });

  it("closes by a press beside it, but not when a selection ends there", async () => {
    const page = await app.open("/ui");
    await button(page, "Open dialog").click();
    const dialog = page.getByRole("dialog", { name: "New project" });
    const box = (await page.getByPlaceholder("Customer portal").boundingBox()) ?? { x: 0, y: 0 };
    await page.mouse.move(box.x + 20, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(10, 10);
    await page.mouse.up();
    expect(await dialog.isVisible()).toBe(true);
    await page.mouse.click(10, 10);
    await dialog.waitFor({ state: "detached" });
  });

  it("cannot be left while it works, and then goes by itself", async () => {
    const page = await app.open("/ui");
    await button(page, "Ask").click();
    const dialog = page.getByRole("dialog", { name: "Delete 3 files?" });
    await button(page, "Delete files").click();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    expect(await dialog.isVisible()).toBe(true);
    await dialog.waitFor({ state: "detached" });
  });

  it("does not hide a message", async () => {
    const page = await app.open("/ui");
    await button(page, "Toast").click();
    const message = page.getByRole("region", { name: "Messages" }).getByText("3 files deleted");
    await message.waitFor();
    await page.getByRole("status").filter({ hasText: "3 files deleted" }).waitFor({ state: "attached" });
  });
});

describe("a menu", () => {
  it("lies inside the window at every width, and closes by a press outside and by its button", async () => {
    for (const width of [360, 1280]) {
      const page = await app.open("/ui", { width });
      const trigger = button(page, "File actions");
      const menu = page.getByRole("menu", { name: "File actions" });
      await trigger.click();
      const box = await menu.boundingBox();
      expect(box && box.x >= 0 && box.x + box.width <= width).toBe(true);
      await trigger.click();
      expect(await menu.isVisible()).toBe(false);
      await trigger.click();
      expect(await menu.isVisible()).toBe(true);
      await page.mouse.click(5, 5);
      expect(await menu.isVisible()).toBe(false);
    }
  });

  it("opens and closes by keys, and gives the focus back", async () => {
    const page = await app.open("/ui");
    await button(page, "File actions").focus();
    await page.keyboard.press("Enter");
    expect(await focused(page)).toBe("Rename");
    await page.keyboard.press("Escape");
    expect(await focused(page)).toBe("File actions");
  });
});

describe("a tooltip", () => {
  const shown = (page: Page) => page.locator("[popover=manual]:popover-open").filter({ hasText: "File actions" });

  it("can be read in both themes", async () => {
    for (const dark of [false, true]) {
      const page = await app.open("/ui", { dark });
      await button(page, "File actions").hover();
      await shown(page).waitFor();
      const [text, ground] = await shown(page).evaluate((element) => {
        const { color, backgroundColor } = getComputedStyle(element);
        return [color, backgroundColor].map((each) => Number(/\d+/.exec(each)));
      });
      expect(Math.abs((text ?? 0) - (ground ?? 0))).toBeGreaterThan(150);
    }
  });

  it("does not come over the menu of its button", async () => {
    const page = await app.open("/ui");
    await button(page, "File actions").focus();
    await page.keyboard.press("Enter");
    await button(page, "File actions").hover();
    await page.waitForTimeout(600);
    expect(await shown(page).count()).toBe(0);
    await page.keyboard.press("Escape");
    await shown(page).waitFor();
  });
});

describe("a table", () => {
  it("of 100,000 rows keeps few of them in the document, and draws those that one scrolls to", async () => {
    const page = await app.open("/ui");
    await button(page, "100,000 rows").click();
    await page.getByText("invoice-1.pdf", { exact: true }).waitFor();
    const drawn = () => page.locator("tbody:not([data-far]) > tr").count();
    expect(await drawn()).toBeLessThan(400);
    const began = Date.now();
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight / 2));
    await page.waitForFunction(() =>
      [...document.querySelectorAll("tbody:not([data-far]) > tr")].some((row) => {
        const { top } = row.getBoundingClientRect();
        return top > 0 && top < innerHeight;
      }),
    );
    expect(Date.now() - began).toBeLessThan(5000);
    await page.waitForTimeout(300);
    expect(await drawn()).toBeLessThan(400);
  });

  it("leads on by a press anywhere on the row, but not by what has its own meaning", async () => {
    const page = await app.open("/ui");
    await page.getByRole("checkbox", { name: "Select invoice-1.pdf" }).click();
    expect(new URL(page.url()).search).toBe("");
    await page.getByRole("button", { name: "Actions of invoice-1.pdf" }).click();
    expect(new URL(page.url()).search).toBe("");
    const box = await page
      .getByRole("row", { name: /invoice-1/ })
      .getByText("document")
      .boundingBox();
    await page.mouse.click((box?.x ?? 0) + 5, (box?.y ?? 0) + 5);
    await page.waitForURL("**/ui?file=f0");
  });
});

describe("navigation", () => {
  const w = `/w/${WORKSPACE}`;

  it("sets the title and moves the focus to the new heading", async () => {
    const page = await app.open(w);
    await page.getByRole("link", { name: "Members" }).click();
    await page.getByRole("heading", { level: 1, name: "Members" }).waitFor();
    await page.waitForFunction(() => document.activeElement?.tagName === "H1");
    expect(await page.title()).toBe("Members · Reupload");
    expect(await page.getByRole("link", { name: "Members" }).getAttribute("aria-current")).toBe("page");
  });

  it("begins with a link to the content", async () => {
    const page = await app.open(w);
    await page.keyboard.press("Tab");
    expect(await focused(page)).toBe("Skip to content");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement?.id === "content");
  });

  it("goes anywhere by Ctrl+K", async () => {
    const page = await app.open(w);
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").waitFor();
    await page.keyboard.type("aud");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Audit log" }).waitFor();
    expect(await page.getByRole("dialog").count()).toBe(0);
  });

  it("lies in a drawer where it is narrow, which goes when something was chosen", async () => {
    const page = await app.open(w, { width: 360 });
    await button(page, "Open navigation").click();
    await page.getByRole("link", { name: "Members" }).click();
    await page.getByRole("heading", { level: 1, name: "Members" }).waitFor();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.waitForTimeout(300);
    expect(await focused(page)).toBe("Members");
  });

  it("says above a project's pages which project it is, where the sidebar is away", async () => {
    const page = await app.open(`${w}/p/${PROJECT}/uploads`, { width: 360 });
    const bar = page.getByRole("banner").first();
    await bar.getByText("Customer portal").waitFor();
    await page.goto(new URL(`${w}/members`, page.url()).href);
    await page.getByRole("heading", { level: 1, name: "Members" }).waitFor();
    expect(await bar.getByText("Customer portal").count()).toBe(0);
  });

  it("says on every page of a project that there is no such project", async () => {
    const page = await app.open(`${w}/p/${PROJECT}`);
    // An address that was cut short leads to the files.
    await page.getByRole("heading", { level: 1, name: "Files" }).waitFor();
    for (const place of ["files", "uploads", "webhooks", "integrate", "settings"]) {
      await page.goto(new URL(`${w}/p/0197c1aa-0000-7000-8000-00000000dead/${place}`, page.url()).href);
      await page.getByText("There is no such project").waitFor();
      expect(await page.getByRole("button", { name: /Upload files|Add endpoint/ }).count()).toBe(0);
    }
  });

  it("sends who is not signed in to the sign-in page, which knows where they wanted to go", async () => {
    const page = await app.open(`${w}/members`, { signedIn: false });
    await page.getByRole("heading", { level: 1, name: "Sign in to Reupload" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/sign-in");
    expect(await page.evaluate(() => history.state.usr.next)).toBe(`${w}/members`);
  });
});

describe("the theme", () => {
  const ground = (page: Page) => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

  it("follows the system, and a choice goes before it and stays after a reload", async () => {
    const page = await app.open(`/w/${WORKSPACE}`, { dark: true });
    const dark = await ground(page);
    await button(page, "Ada Byron").click();
    await page.getByRole("menuitemradio", { name: "Light" }).click();
    const light = await ground(page);
    expect(light).not.toBe(dark);
    await page.reload({ waitUntil: "commit" });
    await page.waitForFunction(() => document.documentElement.dataset.theme === "light");
    expect(await ground(page)).toBe(light);
  });
});

it("says of an upload without a file which one it is, and leads back to the uploads", async () => {
  const page = await app.open(`/w/${WORKSPACE}/p/${PROJECT}/files/0197c1bb-0000-7000-8000-000000900003`);
  await page.getByRole("heading", { level: 1, name: "eicar.com" }).waitFor();
  await page.getByText("Malware found. The file was not published").waitFor();
  await page.getByRole("main").getByRole("link", { name: "Uploads" }).click();
  await page.getByRole("heading", { level: 1, name: "Uploads" }).waitFor();
});

it("asks for what is missing before it sends anything", async () => {
  const page = await app.open("/join#token=x", { signedIn: false });
  const sent: string[] = [];
  page.on("request", (request) => {
    if (request.method() !== "GET") sent.push(request.url());
  });
  await button(page, "Make account and join").click();
  expect(await page.getByRole("alert").allTextContents()).toEqual(["Write a name.", "Use at least 10 characters."]);
  expect(sent).toEqual([]);
});
