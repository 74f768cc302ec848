// What a viewer sees of every page: all of it loads, and nothing is offered that the server would refuse.
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { served } from "./served";

const here = served();

/** A call of the dashboard's API by who is signed in on the page. */
const call = <Answer>(page: Page, method: string, path: string, body?: unknown): Promise<Answer> =>
  page.evaluate(
    async ([method, path, body]) => {
      const headers = { "content-type": "application/json" };
      const answer = await fetch(`/api/dashboard${path}`, { method, ...(body ? { headers, body } : {}) });
      if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
      return answer.json();
    },
    [method, path, body && JSON.stringify(body)] as [string, string, string | undefined],
  );

/** Verbs of what a viewer may not do. */
const FORBIDDEN =
  /\b(upload files|new|create|add|delete|rename|move|invite|revoke|save|test|make|send again|change|disable|enable|remove|replay|download|select)\b/i;

it("loads every page and offers nothing that is refused", async () => {
  const { app, server } = here;
  const owner = await app.open(server.link);
  const { workspaces } = await call<{ workspaces: { id: string }[] }>(owner, "GET", "/me");
  const w = `/workspaces/${workspaces[0]?.id}`;
  const { projects } = await call<{ projects: { id: string }[] }>(owner, "GET", `${w}/projects`);
  const project = projects[0]?.id ?? "";
  await owner.goto(new URL(`/w/${workspaces[0]?.id}/p/${project}/files`, owner.url()).href);
  await owner.locator('input[type="file"]').setInputFiles([
    { name: "words.txt", mimeType: "text/plain", buffer: Buffer.from("Words.") },
    { name: "empty.exe", mimeType: "application/octet-stream", buffer: Buffer.from("MZ") },
  ]);
  await owner.getByText("2 files uploaded").waitFor();
  const { webhooks } = await call<{ webhooks: { id: string }[] }>(owner, "GET", `${w}/webhooks?projectId=${project}`);
  const { files } = await call<{ files: { id: string }[] }>(owner, "GET", `${w}/files?projectId=${project}`);
  const { url } = await call<{ url: string }>(owner, "POST", `${w}/invitations`, { role: "viewer" });

  const { pathname, hash } = new URL(url);
  const page = await app.open(pathname + hash);
  await page.getByLabel("Your name").fill("Vera");
  await page.getByLabel("E-mail").fill("vera@example.com");
  await page.getByLabel("Password", { exact: true }).fill("a long password");
  await page.getByRole("button", { name: "Make account and join" }).click();
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  const refused: string[] = [];
  page.on("response", (response) => {
    if (response.status() >= 400) refused.push(`${response.status()} ${response.request().method()} ${response.url()}`);
  });

  const home = `/w/${workspaces[0]?.id}`;
  const p = `${home}/p/${project}`;
  const offered: string[] = [];
  for (const path of [
    home,
    `${home}/projects`,
    `${home}/projects?new`,
    `${p}/files`,
    `${p}/files?folder=none`,
    `${p}/files/${files[0]?.id}`,
    `${p}/uploads`,
    `${p}/webhooks`,
    `${p}/webhooks/${webhooks[0]?.id}`,
    `${p}/integrate`,
    `${p}/settings`,
    `${home}/keys`,
    `${home}/usage`,
    `${home}/members`,
    `${home}/audit`,
    `${home}/settings`,
    "/system",
    "/sign-ins",
  ]) {
    await page.goto(new URL(path, page.url()).href);
    await page.locator("main h1").waitFor();
    await page.waitForLoadState("networkidle").catch(() => {});
    await page.locator('[aria-busy="true"]').first().waitFor({ state: "detached" });
    for (const menu of await page.locator("main [aria-haspopup=menu]").all()) {
      await menu.click();
      offered.push(
        ...(await page.getByRole("menuitem", { disabled: false }).allInnerTexts()).map((text) => `${path}: ${text}`),
      );
      await page.keyboard.press("Escape");
    }
    const buttons = page.locator("main :is(button:not(:disabled), a[href]):visible");
    offered.push(...(await buttons.allInnerTexts()).map((text) => `${path}: ${text}`));
    const fields = page.locator("main :is(input, select, textarea):not(:disabled, [readonly]):visible");
    for (const field of await fields.all())
      offered.push(`${path}: ${await field.evaluate((element: HTMLInputElement) => element.labels?.[0]?.textContent)}`);
  }
  expect(refused).toEqual([]);
  // Deliveries are listed, and not to be opened.
  await page.goto(new URL(`${p}/webhooks/${webhooks[0]?.id}`, page.url()).href);
  await page.getByText("Members see what was sent and answered.").waitFor();
  await page.getByRole("cell", { name: "file.uploaded" }).first().waitFor();
  expect(await page.getByRole("button", { name: "file.uploaded" }).count()).toBe(0);
  expect(offered.filter((line) => FORBIDDEN.test(line.slice(line.indexOf(": "))))).toEqual([]);
}, 120_000);
