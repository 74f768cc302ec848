import { PROJECT, WORKSPACE } from "../played/routes/account.mjs";
import { DISABLED, ENDPOINT, QUIET } from "../played/routes/developer.mjs";

const w = `/w/${WORKSPACE}`;
const p = `${w}/p/${PROJECT}`;
const press = (name) => (page) => page.getByRole("button", { name, exact: true }).first().click();

export const looks = [
  { name: "projects", url: `${w}/projects` },
  {
    name: "project-new",
    url: `${w}/projects?new`,
    data: "little",
    act: async (page) => {
      await page.getByRole("button", { name: "Add origin" }).click();
      await page.getByLabel("Origin 1").fill("app.example.com/upload");
      await page.getByRole("button", { name: "Create project" }).click();
    },
  },
  { name: "settings", url: `${p}/settings` },
  {
    name: "settings-dirty",
    url: `${p}/settings`,
    data: "little",
    act: async (page) => {
      await page.getByRole("button", { name: "Add origin" }).click();
      await page.getByLabel("Origin 4").fill("http://staging.example.com");
      await page.getByLabel("Number of files").first().fill("many");
    },
  },
  { name: "keys", url: `${w}/keys` },
  {
    name: "keys-new",
    url: `${w}/keys`,
    data: "little",
    act: async (page) => {
      await press("New key")(page);
      await page.getByLabel("Only these").check();
      await press("Create key")(page);
    },
  },
  {
    name: "keys-secret",
    url: `${w}/keys`,
    data: "little",
    act: async (page) => {
      await press("New key")(page);
      await page.getByRole("textbox", { name: "Name" }).fill("Portal, production");
      await press("Create key")(page);
      await page.getByLabel("I have saved it").waitFor();
    },
  },
  { name: "keys-revoke", url: `${w}/keys`, data: "little", act: press("Revoke Portal, production") },
  { name: "webhooks", url: `${p}/webhooks` },
  {
    name: "webhooks-new",
    url: `${p}/webhooks`,
    data: "little",
    act: async (page) => {
      await press("Add endpoint")(page);
      await page.getByLabel("Address").fill("http://localhost:8000/hooks");
    },
  },
  { name: "webhook", url: `${p}/webhooks/${ENDPOINT}` },
  { name: "webhook-disabled", url: `${p}/webhooks/${DISABLED}`, data: "little" },
  { name: "webhook-quiet", url: `${p}/webhooks/${QUIET}`, data: "little" },
  {
    name: "webhook-menu",
    url: `${p}/webhooks/${ENDPOINT}`,
    data: "little",
    full: false,
    act: press("More actions"),
  },
  {
    name: "webhook-rotate",
    url: `${p}/webhooks/${ENDPOINT}`,
    data: "little",
    full: false,
    act: async (page) => {
      await press("More actions")(page);
      await page.getByRole("menuitem", { name: "Change the signing secret" }).click();
    },
  },
  {
    name: "webhook-delivery",
    url: `${p}/webhooks/${ENDPOINT}`,
    data: "little",
    full: false,
    act: async (page) => {
      await page.getByRole("button", { name: "file.updated" }).first().click();
      await page.getByText("Attempt 3").waitFor();
    },
  },
  {
    name: "webhook-recover",
    url: `${p}/webhooks/${DISABLED}`,
    data: "little",
    full: false,
    act: press("Enable and catch up"),
  },
  { name: "integrate", url: `${p}/integrate` },
  {
    name: "integrate-react",
    url: `${p}/integrate`,
    data: "little",
    act: (page) => page.getByText("React", { exact: true }).click(),
  },
  { name: "usage", url: `${w}/usage` },
  { name: "system", url: "/system" },
  { name: "inbox", url: "/dev/webhooks" },
  { name: "inbox-alone", url: "/dev/webhooks", signedOut: true },
  {
    name: "inbox-refused",
    url: "/dev/webhooks",
    data: "none",
    signedOut: true,
    act: async (page) => {
      const json = { error: "PERMISSION_DENIED", message: "The inbox is only for the machine that it runs on." };
      await page.route("**/entries", (route) => route.fulfill({ status: 403, json }));
      await page.reload();
      await page.getByText("Only for the server’s own machine").waitFor();
    },
  },
  {
    name: "inbox-opened",
    url: "/dev/webhooks",
    data: "little",
    full: false,
    act: (page) => page.getByRole("button", { name: /forged/ }).click(),
  },
];
