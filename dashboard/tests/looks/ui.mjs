const press = (name) => async (page) => {
  await page.getByRole("button", { name, exact: true }).click();
  await page.waitForTimeout(200);
};

export const looks = [
  { name: "ui", url: "/ui", data: "little" },
  { name: "ui-dialog", url: "/ui", data: "little", full: false, act: press("Open dialog") },
  { name: "ui-ask", url: "/ui", data: "little", full: false, act: press("Ask by name") },
  { name: "ui-panel", url: "/ui", data: "little", full: false, act: press("Open panel") },
  { name: "ui-toast", url: "/ui", data: "little", full: false, act: press("Toast") },
  { name: "ui-menu", url: "/ui", data: "little", full: false, act: press("File actions") },
];
