// The first minutes of a server: the link that it prints makes the first account.
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { type Harness, start } from "../browser/harness";
import { type Reupload, startReupload } from "./reupload";

let server: Reupload;
let app: Harness;
beforeAll(async () => {
  server = await startReupload("serve");
  app = await start(server.url);
}, 180_000);
afterAll(async () => {
  await app.stop();
  await server.stop();
});
afterEach(() => app.done());

it("makes the first account once", async () => {
  const early = await app.open("/sign-in");
  await early.getByText("There is no account yet.").waitFor();

  const page = await app.open(server.link);
  const make = page.getByRole("button", { name: "Make account" });
  await make.click();
  expect(await page.getByRole("alert").count()).toBe(4);
  await page.getByLabel("Your name").fill("Ada Byron");
  await page.getByLabel("E-mail").fill("ada@example.com");
  await page.getByLabel("Password", { exact: true }).fill("correct horse battery");
  await page.getByLabel("Workspace").fill("Northwind Studio");
  await make.click();

  // It owns the workspace, and keeps the server.
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  expect(page.url()).not.toContain("token");
  await page.getByRole("button", { name: "Northwind Studio" }).waitFor();
  await page.getByRole("link", { name: "System" }).waitFor();
  await page.getByRole("link", { name: "Audit log" }).click();
  await page.getByText("Created workspace Northwind Studio").waitFor();

  const late = await app.open(server.link);
  await late.getByRole("heading", { level: 1, name: "Reupload is set up" }).waitFor();
});
