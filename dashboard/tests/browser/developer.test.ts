import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
// @ts-expect-error: a script without types
import { PROJECT, WORKSPACE } from "../played/routes/account.mjs";
// @ts-expect-error: a script without types
import { DISABLED, ENDPOINT } from "../played/routes/developer.mjs";
import { type Harness, start } from "./harness";

let app: Harness;
beforeAll(async () => {
  app = await start();
}, 120_000);
afterAll(() => app.stop());
afterEach(() => app.done());

const w = `/w/${WORKSPACE}`;
const p = `${w}/p/${PROJECT}`;
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

/** What the page sends from now on that is to change something: method, path below the workspace, and body. */
function sent(page: Page) {
  const all: [string, string, unknown][] = [];
  page.on("request", (request) => {
    if (["GET", "HEAD"].includes(request.method())) return;
    const path = new URL(request.url()).pathname.replace(`/api/dashboard/workspaces/${WORKSPACE}`, "");
    all.push([request.method(), path, request.postDataJSON()]);
  });
  return all;
}

describe("project settings", () => {
  it("sends only what was changed", async () => {
    const page = await app.open(`${p}/settings`);
    const all = sent(page);
    await page.getByLabel("Largest file").first().fill("30 MB");
    await page.getByLabel("Public").check();
    await button(page, "Save settings").click();
    await page.getByText("Settings saved").first().waitFor();
    expect(all).toEqual([["PATCH", `/projects/${PROJECT}`, { maxFileSize: 30_000_000, defaultPublic: true }]]);
  });

  it("does not save what is wrong, and can be put back", async () => {
    const page = await app.open(`${p}/settings`);
    const all = sent(page);
    await page.getByLabel("Number of files").first().fill("many");
    expect(await button(page, "Save settings").isDisabled()).toBe(true);
    await page.getByLabel("Number of files").first().press("Enter");
    await button(page, "Discard").click();
    expect(await page.getByLabel("Number of files").first().inputValue()).toBe("100000");
    expect(await button(page, "Save settings").count()).toBe(0);
    expect(all).toEqual([]);
  });

  it("asks before unsaved work is left", async () => {
    const page = await app.open(`${p}/settings`);
    await page.getByLabel("Name").fill("Portal 2");
    await page.getByRole("link", { name: "Usage" }).click();
    const dialog = page.getByRole("dialog", { name: "Leave without saving?" });
    await button(page, "Cancel").click();
    await dialog.waitFor({ state: "detached" });
    expect(await page.getByLabel("Name").inputValue()).toBe("Portal 2");
    await page.getByRole("link", { name: "Usage" }).click();
    await button(page, "Leave").click();
    await page.getByRole("heading", { level: 1, name: "Usage" }).waitFor();
  });
});

describe("a new key", () => {
  it("is shown once, until it is said to be saved, and is then nowhere", async () => {
    const page = await app.open(`${w}/keys`);
    const all = sent(page);
    await button(page, "New key").click();
    await page.getByRole("textbox", { name: "Name" }).fill("Portal");
    await page.getByLabel("Only these").check();
    await page.getByLabel("Mobile app").check();
    await button(page, "Create key").click();
    const dialog = page.getByRole("dialog", { name: "“Portal” is ready" });
    await dialog.waitFor();
    expect(all).toEqual([
      ["POST", "/keys", { name: "Portal", permissions: ["files.read", "files.write"], projectIds: ["p2"] }],
    ]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    expect(await dialog.isVisible()).toBe(true);
    await page.getByLabel("I have saved it").check();
    await button(page, "Done").click();
    await dialog.waitFor({ state: "detached" });
    const left = await page.evaluate(() => document.body.innerHTML + JSON.stringify({ ...localStorage }));
    expect(left).not.toContain("ru_BxXc4kQz");
  });

  it("made while integrating stands in the snippets, and is not kept", async () => {
    const page = await app.open(`${p}/integrate`);
    await button(page, "New key").click();
    await page.getByRole("textbox", { name: "Name" }).fill("Portal");
    await button(page, "Create key").click();
    await page.getByLabel("I have saved it").check();
    await button(page, "Done").click();
    expect(await page.locator("pre").first().textContent()).toContain("REUPLOAD_API_KEY=ru_BxXc4kQz");
    await page.reload();
    await page.locator("pre").first().waitFor();
    expect(await page.locator("pre").first().textContent()).toContain("REUPLOAD_API_KEY=ru_your_key");
  });
});

describe("a webhook endpoint", () => {
  it("is added with what was chosen, and its secret is shown once", async () => {
    const page = await app.open(`${p}/webhooks`);
    const all = sent(page);
    await button(page, "Add endpoint").click();
    await page.getByLabel("Address").fill("portal.example.com/hooks");
    await page.getByRole("dialog").getByRole("button", { name: "Add endpoint" }).click();
    expect(await page.getByRole("alert").textContent()).toContain("beginning with https://");
    await page.getByLabel("Address").fill("https://portal.example.com/hooks");
    await page.getByLabel("file.failed").check();
    await page.getByLabel("Headers of your own").fill("Authorization: Bearer x");
    await page.getByRole("dialog").getByRole("button", { name: "Add endpoint" }).click();
    await page.getByRole("dialog", { name: "Save the signing secret" }).waitFor();
    expect(all.map(([, , body]) => body)).toEqual([
      {
        projectId: PROJECT,
        url: "https://portal.example.com/hooks",
        description: "",
        events: ["file.uploaded", "file.updated", "file.deleted", "file.failed"],
        headers: { authorization: "Bearer x" },
      },
    ]);
  });

  it("is deleted only by who writes its address", async () => {
    const page = await app.open(`${p}/uploads`);
    await page.goto(new URL(`${p}/webhooks/${ENDPOINT}`, page.url()).href);
    const all = sent(page);
    await button(page, "More actions").click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    expect(await button(page, "Delete endpoint").isDisabled()).toBe(true);
    await page.getByLabel(/^Type/).fill("portal.example.com/webhooks/reupload");
    await button(page, "Delete endpoint").click();
    await page.getByRole("heading", { level: 1, name: "Webhooks" }).waitFor();
    expect(all.map(([method]) => method)).toEqual(["DELETE"]);
    // The way back does not lead to what is gone.
    await page.goBack();
    await page.getByRole("heading", { level: 1, name: "Uploads" }).waitFor();
  });

  it("shows in its form nothing of what was refused elsewhere", async () => {
    const page = await app.open(`${p}/webhooks/${ENDPOINT}`);
    await page.route(new RegExp(`/webhooks/${ENDPOINT}$`), (route) =>
      route.request().method() === "PATCH"
        ? route.fulfill({ status: 503, json: { error: "SERVICE_UNAVAILABLE", message: "Not just now." } })
        : route.continue(),
    );
    await button(page, "More actions").click();
    await page.getByRole("menuitem", { name: "Disable" }).click();
    await button(page, "Disable").click();
    await page.getByText("Not just now.").waitFor();
    await button(page, "Cancel").click();
    await button(page, "More actions").click();
    await page.getByRole("menuitem", { name: "Edit" }).click();
    await page.getByRole("dialog", { name: "Edit the endpoint" }).waitFor();
    expect(await page.getByText("Not just now.").count()).toBe(0);
    await button(page, "Save").click();
    await page.getByText("Not just now.").waitFor();
  });

  it("that was disabled is enabled with what it missed since it began to fail", async () => {
    const page = await app.open(`${p}/webhooks/${DISABLED}`);
    const all = sent(page);
    await button(page, "Enable and catch up").click();
    await button(page, "Enable and send").click();
    await page.getByText("5 events are being sent").first().waitFor();
    const [, path, body] = all[0] ?? [];
    expect(path).toBe(`/webhooks/${DISABLED}/recover`);
    const days = (Date.now() - Date.parse((body as { since: string }).since)) / 86_400_000;
    expect(Math.round(days)).toBe(8);
  });

  it("shows of a delivery each attempt's request and answer", async () => {
    const page = await app.open(`${p}/webhooks/${ENDPOINT}`);
    await page.getByRole("button", { name: "file.updated" }).first().click();
    const panel = page.getByRole("dialog");
    await panel.getByText("Attempt 3").waitFor();
    expect(await panel.locator("pre").nth(1).textContent()).toContain('  "detail": "CSRF Failed');
    await panel.getByRole("tab", { name: "Request" }).first().click();
    expect(await panel.locator("pre").nth(0).textContent()).toContain("reupload-signature: t=");
    expect(await panel.locator("pre").nth(1).textContent()).toContain('  "type": "file.uploaded"');
    await panel.getByText("Attempt 2").click();
    await panel.getByText("No complete answer within 15 s.").waitFor();
  });
});
