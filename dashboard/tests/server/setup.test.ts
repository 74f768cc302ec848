// The first minutes of a server: the link that it prints makes the first account.
import { expect, it } from "vitest";
import { served } from "./served";

const here = served("serve");

it("makes the first account once", async () => {
  const { app, server } = here;
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
