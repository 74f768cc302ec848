// The pictures of the dashboard in docs/images, taken anew from a running server: `node pictures.mjs [FOLDER]`.

import { join, resolve } from "node:path";
import { Reupload, launchBrowser, serve, sleep } from "./harness.mjs";
import { landscape } from "./landscape.mjs";

const folder = resolve(process.argv[2] ?? join(import.meta.dirname, "../docs/images"));
const PHOTOS = {
  "harbour-at-dawn.jpg": 8,
  "north-ridge.jpg": 205,
  "first-snow.jpg": 222,
  "meadow-in-may.jpg": 128,
  "evening-coast.jpg": 262,
  "dunes.jpg": 36,
};

let answer = 204;
const app = await serve((request, response) => {
  request.resume();
  request.on("end", () => response.writeHead(answer, { "content-type": "application/json" }).end(answer === 204 ? undefined : '{"error":"database is locked"}'));
});
const [reupload, browser] = await Promise.all([Reupload.start(), launchBrowser()]);
const context = await browser.newContext({ viewport: { width: 1280, height: 840 }, colorScheme: "light", reducedMotion: "reduce", deviceScaleFactor: 2 });
const page = await context.newPage();

/** A call of the dashboard's API by who is signed in. */
const call = (method, path, body) =>
  page.evaluate(
    async ([method, path, body]) => {
      const headers = { "content-type": "application/json" };
      const answer = await fetch(`/api/dashboard${path}`, { method, headers, ...(body && { body }) });
      if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
      return answer.json();
    },
    [method, path, body && JSON.stringify(body)],
  );

/** Uploads as an app does, one after the other, so that their order is known. */
async function upload(name, type, bytes, more = {}) {
  const form = new FormData();
  for (const [field, value] of Object.entries({ projectId: reupload.project, ...more })) form.set(field, value);
  form.set("file", new File([bytes], name, { type }));
  const { uploadId } = await reupload.call("POST", "/uploads/direct", form);
  return reupload.completed(uploadId);
}

async function shoot(name, path, wait) {
  await page.goto(`${reupload.apiOrigin}${path}`);
  await wait();
  await page.evaluate(() => document.fonts.ready);
  await sleep(600);
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

try {
  await page.goto(reupload.link);
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  const { workspaces: [{ id: workspace }] } = await call("GET", "/me");
  await call("PATCH", "/me", { name: "Ada Byron" });
  await call("PATCH", `/workspaces/${workspace}`, { name: "Northwind Studio" });
  await call("PATCH", `/workspaces/${workspace}/projects/${reupload.project}`, { name: "Customer portal" });
  const hooks = { url: `http://127.0.0.1:${app.port}/webhooks/reupload`, description: "Portal, production" };
  const { webhook } = await call("POST", `/workspaces/${workspace}/webhooks`, { projectId: reupload.project, ...hooks });

  await upload("Annual report 2026.pdf", "application/pdf", "%PDF-1.4\n%%EOF\n", { folder: "reports" });
  await upload("invoice-10442.pdf", "application/pdf", "%PDF-1.4\n%%EOF\n", { folder: "invoices/2026" });
  let first;
  for (const [name, hue] of Object.entries(PHOTOS).reverse()) {
    // The app is away for a while: the log of the webhook has something to tell.
    answer = name === "meadow-in-may.jpg" ? 500 : 204;
    first = await upload(name, "image/jpeg", await landscape(page, hue), { folder: "trips/2026", metadata: JSON.stringify({ campaign: "winter-2026" }) });
    await sleep(300);
  }
  const project = `/w/${workspace}/p/${reupload.project}`;
  const pictures = (count) => () =>
    page.waitForFunction((count) => [...document.querySelectorAll("main img")].filter((shown) => shown.naturalWidth > 0).length >= count, count);
  await shoot("dashboard-files", `${project}/files`, pictures(Object.keys(PHOTOS).length));
  await shoot("dashboard-file", `${project}/files/${first.fileId}`, pictures(1));
  await shoot("inbox", "/dev/webhooks", pictures(1));
  await shoot("dashboard-webhook", `${project}/webhooks/${webhook.id}`, async () => {
    await page.getByRole("button", { name: "file.uploaded" }).nth(3).click();
    const panel = page.getByRole("dialog");
    await panel.getByText("The endpoint took it after 2 attempts.").waitFor();
    for (const attempt of ["Attempt 2", "Attempt 1"]) await panel.getByText(attempt).click();
    await page.mouse.move(0, 0);
    await panel.getByText("The endpoint failed on its side.").waitFor();
  });
} finally {
  await browser.close();
  await reupload.stop();
  app.stop();
}
