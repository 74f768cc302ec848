import { WORKSPACE } from "../played/routes/account.mjs";

const w = `/w/${WORKSPACE}`;
const press = (name) => (page) => page.getByRole("button", { name, exact: true }).first().click();

export const looks = [
  { name: "sign-in", url: "/sign-in", signedOut: true },
  {
    name: "sign-in-refused",
    url: "/sign-in",
    signedOut: true,
    data: "little",
    act: async (page) => {
      await page.getByLabel("E-mail").fill("ada@example.com");
      await page.getByLabel("Password", { exact: true }).fill("wrong");
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("alert").waitFor();
    },
  },
  { name: "setup", url: "/setup#token=x", signedOut: true, data: "none" },
  { name: "setup-bare", url: "/setup", signedOut: true, data: "none" },
  { name: "reset", url: "/reset#token=x", signedOut: true, data: "little" },
  { name: "join", url: "/join#token=x", signedOut: true },
  { name: "join-signed-in", url: "/join#token=x" },
  { name: "account", url: "/account" },
  { name: "members", url: `${w}/members` },
  { name: "members-invite", url: `${w}/members`, data: "little", full: false, act: press("Invite") },
  {
    name: "members-invited",
    url: `${w}/members`,
    data: "little",
    full: false,
    act: async (page) => {
      await press("Invite")(page);
      await press("Make link")(page);
      await page.getByText("The link is ready").waitFor();
    },
  },
  { name: "audit", url: `${w}/audit` },
  { name: "sign-ins", url: "/sign-ins" },
  {
    name: "audit-entry",
    url: `${w}/audit`,
    data: "little",
    full: false,
    act: (page) => page.getByText("Changed the role of").click(),
  },
  { name: "workspace-settings", url: `${w}/settings` },
  { name: "not-found", url: "/w/unknown", data: "little" },
  {
    name: "shell-menu",
    url: w,
    data: "little",
    full: false,
    act: async (page) => {
      if (page.viewportSize().width < 900) await press("Open navigation")(page);
      await press("Northwind Studio")(page).catch(() => {});
    },
  },
  { name: "shell-go", url: w, data: "little", full: false, act: (page) => page.keyboard.press("Control+k") },
];
