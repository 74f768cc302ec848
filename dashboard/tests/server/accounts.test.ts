// One person signs in by the link of `reupload dev`, and invites another: each step leads to the next.
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { button, heading, served } from "./served";

const here = served();

const PASSWORD = "correct horse battery";
const toast = (page: Page, text: string) =>
  page.getByRole("region", { name: "Messages" }).getByText(text).first().waitFor();
const place = (page: Page, name: string) =>
  page.getByRole("navigation").getByRole("link", { name, exact: true }).click();

it("goes from the first link to a colleague who comes and leaves again", async () => {
  const { app, server } = here;
  // The link signs in, leaves no token in the address, and works once.
  const page = await app.open(server.link);
  await heading(page, "Overview");
  expect(page.url()).not.toContain("token");
  const again = await app.open(server.link);
  await heading(again, "Sign in to Reupload");
  await again.getByText(/link/).first().waitFor();

  // A name and a first password.
  await page.goto(new URL("/account", page.url()).href);
  await page.getByLabel("Name", { exact: true }).fill("Ada Byron");
  await button(page, "Save name").click();
  await toast(page, "Your name is saved");
  await button(page, "Ada Byron").waitFor();
  await page.getByLabel("New password", { exact: true }).fill("short");
  await button(page, "Change password").click();
  await page.getByText("Use at least 10 characters.").waitFor();
  await page.getByLabel("New password", { exact: true }).fill(PASSWORD);
  await button(page, "Change password").click();
  await toast(page, "Your password is changed");

  // Sign out; a wrong password is refused in words; the right one leads to where one wanted to go.
  await button(page, "Ada Byron").click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await heading(page, "Sign in to Reupload");
  await page.getByLabel("E-mail").fill("DEV@localhost");
  await page.getByLabel("Password", { exact: true }).fill("something else");
  await button(page, "Sign in").click();
  await page.getByRole("alert").waitFor();
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await button(page, "Sign in").click();
  await heading(page, "Your account");

  // The operator's log has both.
  await place(page, "Sign-ins");
  const log = page.getByRole("table", { name: "Sign-ins" });
  await log.getByText(/^Gave a wrong password for/).waitFor();
  await log.getByRole("button", { name: "Signed in" }).first().waitFor();

  // An invitation for one address.
  await place(page, "Members");
  await button(page, "Invite").click();
  await page.getByLabel("E-mail").fill("grace@example.com");
  await button(page, "Make link").click();
  const link = await page.getByLabel("Link of the invitation").inputValue();
  await button(page, "Done").click();
  await page.getByRole("row", { name: /grace@example\.com/ }).waitFor();

  // She makes an account with it.
  const path = new URL(link);
  const hers = await app.open(path.pathname + path.hash, { width: 360 });
  await hers.getByText("invites you as a member").waitFor();
  await hers.getByLabel("Your name").fill("Grace Hopper");
  await hers.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await button(hers, "Make account and join").click();
  await heading(hers, "Overview");
  const home = hers.url();

  // He sees her, and makes her an admin; from then on she reads the audit log.
  await page.reload();
  await page.getByLabel("Role of Grace Hopper").selectOption("admin");
  await toast(page, "Grace Hopper is now admin");
  expect(await page.getByRole("row", { name: /grace@example\.com/ }).count()).toBe(1);
  await hers.goto(`${home}/audit`);
  await hers.getByText("Changed the role of grace@example.com to admin").waitFor();
  await hers.getByText("Joined by an invitation").waitFor();

  // The workspace gets another name, everywhere at once.
  await place(page, "Settings");
  await page.getByLabel("Workspace name").fill("Northwind");
  await button(page, "Save name").click();
  await toast(page, "The name is saved");
  await button(page, "Northwind").waitFor();

  // The last owner stays.
  await button(page, "Leave workspace").click();
  await page.getByLabel("Type “Northwind” to confirm").fill("Northwind");
  await page.getByRole("dialog").getByRole("button", { name: "Leave workspace" }).click();
  await page.getByRole("dialog").getByRole("alert").waitFor();
  await page.keyboard.press("Escape");

  // Removed, she is in no workspace, and her old address leads nowhere.
  await place(page, "Members");
  await button(page, "Actions for Grace Hopper").click();
  await page.getByRole("menuitem", { name: "Remove from workspace" }).click();
  await button(page, "Remove member").click();
  await toast(page, "Grace Hopper is no longer a member");
  await hers.goto(home);
  await heading(hers, "Not found");
  await hers.goto(new URL("/", home).href);
  await hers.getByText("You are in no workspace.").waitFor();
});

it("signs other browsers out", async () => {
  const { app } = here;
  const signIn = async () => {
    const page = await app.open("/account");
    await page.getByLabel("E-mail").fill("dev@localhost");
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await button(page, "Sign in").click();
    await heading(page, "Your account");
    return page;
  };
  const [mine, other] = [await signIn(), await signIn()];
  await mine.reload();
  await button(mine, "Sign out everywhere else").click();
  await button(mine, "Sign out").last().click();
  await toast(mine, "You are signed in only here now");
  expect(await mine.getByText("This browser").count()).toBe(1);
  // The next thing that the other one asks for leads to the sign-in page.
  await other.getByRole("navigation").getByRole("link", { name: "Members" }).click();
  await heading(other, "Sign in to Reupload");
});

it("sets a new password by a link of the command line, once", async () => {
  const { app, server } = here;
  const link = /\/reset#token=\S+/.exec(await server.admin("user", "link", "dev@localhost"))?.[0] ?? "";
  const page = await app.open(link);
  await page.getByLabel("New password").fill("another long password");
  await button(page, "Set password").click();
  await heading(page, "Overview");
  const again = await app.open(link);
  await again.getByLabel("New password").fill("yet another password");
  await button(again, "Set password").click();
  await again.getByRole("alert").waitFor();
});
