import { PROJECT, WORKSPACE } from "../played/routes/account.mjs";

const project = `/w/${WORKSPACE}/p/${PROJECT}`;
const file = (n) => `${project}/files/0197c1bb-0000-7000-8000-${String(n).padStart(12, "0")}`;
const list = async (page) => {
  await page.getByTitle("List").click();
  await page.waitForTimeout(300);
};
const grid = (page) => page.getByTitle("Grid").click();
const choose = async (page) => {
  for (const name of ["Harbor at dawn.jpg", "avatar.png", "settings.json"]) {
    // By keyboard: the bar of the selection may lie above the next one.
    await page.getByLabel(`Select ${name}`).press("Space");
  }
};
const menuOf = (name) => async (page) => {
  await grid(page);
  await page.getByLabel(`Actions for ${name}`).first().click();
};
const asked = (entry) => async (page) => {
  await menuOf("Harbor at dawn.jpg")(page);
  await page.getByRole("menuitem", { name: entry }).click();
  await page.waitForTimeout(250);
};
const add = async (page) => {
  await page
    .locator('input[type="file"]')
    .setInputFiles(
      [
        "Harbor at dusk.jpg",
        "refused by size.iso",
        "report.pdf",
        "notes.txt",
        "a name that is much too long for the tray.docx",
      ].map((name) => ({ name, mimeType: "application/octet-stream", buffer: Buffer.alloc(200_000) })),
    );
  await page.waitForTimeout(600);
};

export const looks = [
  { name: "overview", url: `/w/${WORKSPACE}` },
  { name: "files", url: `${project}/files` },
  { name: "files-folder", url: `${project}/files?folder=invoices/2026`, data: "little" },
  { name: "files-nothing", url: `${project}/files?search=zebra`, data: "little" },
  { name: "files-list", url: `${project}/files`, data: "little", act: list },
  {
    name: "files-selected",
    url: `${project}/files`,
    data: "little",
    full: false,
    act: async (page) => {
      await grid(page);
      await choose(page);
    },
  },
  {
    name: "files-list-selected",
    url: `${project}/files`,
    data: "little",
    full: false,
    act: async (page) => {
      await list(page);
      await choose(page);
    },
  },
  { name: "files-menu", url: `${project}/files`, data: "little", act: menuOf("Harbor at dawn.jpg"), full: false },
  { name: "files-move", url: `${project}/files`, data: "little", act: asked("Move"), full: false },
  { name: "files-rename", url: `${project}/files`, data: "little", act: asked("Rename"), full: false },
  {
    name: "files-link",
    url: `${project}/files`,
    data: "little",
    full: false,
    act: async (page) => {
      await asked("Make a signed link")(page);
      await page.getByLabel("Works for").selectOption("86400");
      await page.getByRole("button", { name: "Make link" }).click();
      await page.waitForTimeout(250);
    },
  },
  { name: "files-delete", url: `${project}/files`, data: "little", act: asked("Delete"), full: false },
  {
    name: "files-drop",
    url: `${project}/files?folder=invoices/2026`,
    data: "little",
    full: false,
    act: async (page) => {
      await page.evaluate(() => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File(["x"], "x.txt"));
        document
          .querySelector("h1")
          .dispatchEvent(new DragEvent("dragover", { bubbles: true, cancelable: true, dataTransfer }));
      });
      await page.waitForTimeout(200);
    },
  },
  { name: "files-tray", url: `${project}/files`, data: "little", act: add, full: false },
  { name: "file-image", url: file(0), data: "little" },
  { name: "file-text", url: file(5), data: "little" },
  { name: "file-other", url: file(13), data: "little" },
  { name: "file-failed", url: file(900_003), data: "little" },
  { name: "file-waiting", url: file(900_002), data: "little" },
  { name: "uploads", url: `${project}/uploads` },
  {
    name: "uploads-panel",
    url: `${project}/uploads`,
    data: "little",
    full: false,
    act: async (page) => {
      await page.getByRole("button", { name: "holiday.jpg" }).click();
      await page.waitForTimeout(300);
    },
  },
];
