// Try it, on the pages of operations: uploads to the real server from its own documentation.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { heading, Reader } from "../reader.mjs";

let reader;
before(async () => {
  reader = await Reader.start();
});
after(() => reader?.stop());

const sendButton = (page) => page.getByRole("button", { name: "Send", exact: true });
const answered = async (page, status) => {
  await page.locator(".try-status").filter({ hasText: status }).waitFor();
  return JSON.parse(await page.getByRole("group", { name: "Answer", exact: true }).textContent());
};

test("a direct upload with a pasted key, and the shown curl line does the same", async () => {
  const page = await reader.page();
  await page.goto(`${reader.docs}/docs/api/upload_direct`);
  await sendButton(page).click();
  await page.getByRole("alert").filter({ hasText: "Choose a file first." }).waitFor();
  await page.getByRole("button", { name: "Take an example" }).click();
  await sendButton(page).click();
  await page.getByRole("alert").filter({ hasText: "projectId is missing." }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), "try-projectId");
  await page.getByLabel("API key").fill("ru_wrong");
  await page.getByLabel("projectId").fill(reader.server.project);
  assert.equal(await page.getByRole("alert").count(), 0);
  await sendButton(page).click();
  assert.equal((await answered(page, "401 Unauthorized")).error, "UNAUTHORIZED");
  await page.locator(".try-error").filter({ hasText: "API key" }).waitFor();

  await page.getByLabel("API key").fill(reader.server.key);
  await page.getByText("More fields").click();
  await page.getByLabel("folder").fill("it's $HOME");
  await sendButton(page).click();
  const { fileId } = await answered(page, "202 Accepted");
  await page.getByRole("link", { name: "Next: Look at an upload" }).click();
  await heading(page, "Look at an upload");
  await sendButton(page).click();
  assert.equal((await answered(page, "200 OK")).session.fileId, fileId);
  await page.getByRole("link", { name: "Next: Get an address of a file" }).waitFor();

  // The tab keeps what was chosen; the shell sends what is shown.
  await page.goto(`${reader.docs}/docs/api/upload_direct`);
  await page.getByText("hello.txt, text/plain").waitFor();
  await page.getByText("More fields").click();
  await page.getByLabel("folder").fill("it's $HOME");
  const shown = await page.locator(".try-request [data-sample=curl] code").textContent();
  const again = JSON.parse(await inShell(shown));
  const { file } = await reader.server.completed(again.uploadId).then(() => reader.server.call("GET", `/files/${again.fileId}`));
  const first = (await reader.server.call("GET", `/files/${fileId}`)).file;
  for (const name of ["folder", "name", "mimeType", "sha256", "projectId", "isPublic"]) assert.equal(file[name], first[name], name);
});

/** Runs a shown line as a developer would, in a folder with the file, with the variables of dev.env. */
async function inShell(line) {
  const folder = await mkdtemp(join(tmpdir(), "reupload-docs-"));
  try {
    await writeFile(join(folder, "hello.txt"), "Hello from the documentation of Reupload.\n");
    const env = { ...process.env, REUPLOAD_API_KEY: reader.server.key, REUPLOAD_API_BASE_URL: reader.server.base };
    return (await promisify(execFile)("bash", ["-c", line], { cwd: folder, env })).stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("a key that no header can have, and a server that is gone, are said in words", async () => {
  // A reader of its own: what Chromium says of a server that is gone is no fault of the pages.
  const another = await Reader.start();
  try {
    const { server, docs } = another;
    const page = await another.page();
    await page.goto(server.link);
    await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
    await page.goto(`${docs}/docs/api/whoami`);
    await page.getByLabel("Your project").waitFor();
    await page.getByLabel("API key").fill("ru_…");
    await sendButton(page).click();
    await page.getByRole("alert").filter({ hasText: "This is not a whole API key" }).waitFor();
    await page.getByLabel("API key").fill(`Bearer ${server.key}`);
    await sendButton(page).click();
    assert.equal((await answered(page, "200 OK")).name, "dev");

    server.child.kill();
    await once(server.child, "exit");
    // Once for a key to be made, once for the call.
    for (const key of ["", server.key]) {
      await page.getByLabel("API key").fill(key);
      await sendButton(page).click();
      await page.getByRole("alert").filter({ hasText: "The server did not answer. Is it running?" }).waitFor();
    }
  } finally {
    await another.stop();
  }
});

test("who may not make keys is told so, and can paste one", async () => {
  const { link } = await reader.server.admin("user", "create", "--email", "vera@example.com", "--name", "Vera", "--role", "viewer");
  const page = await reader.page();
  await page.goto(reader.docs + link.slice(new URL(link).origin.length));
  await page.getByLabel("New password").fill("correct-horse-battery");
  await page.getByRole("button", { name: "Set password" }).click();
  await page.waitForURL((url) => url.pathname.startsWith("/w/"));
  await page.goto(`${reader.docs}/docs/api/whoami`);
  await page.getByLabel("Your project").waitFor();
  await sendButton(page).click();
  await page.getByRole("alert").filter({ hasText: "No key could be made for you: This needs the role admin; yours here is viewer. Paste one instead." }).waitFor();
  await page.getByLabel("API key").fill(reader.server.key);
  await sendButton(page).click();
  await answered(page, "200 OK");
});

test("signed in, from a session to the file's bytes, with ids carried on", async () => {
  const page = await reader.page();
  await page.goto(reader.server.link);
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
  await page.goto(`${reader.docs}/docs/api/create_session`);
  await page.getByLabel("Your project").waitFor();
  const picture = join(import.meta.dirname, "../dunes.png");
  await page.getByLabel("Choose a file").setInputFiles(picture);
  assert.deepEqual(
    await Promise.all(["projectId", "filename", "contentType", "size"].map((name) => page.getByLabel(name).inputValue())),
    [reader.server.project, "dunes.png", "image/png", "917"],
  );
  await page.getByRole("tab", { name: "TypeScript" }).first().click();
  const shown = await page.locator(".try-request [data-sample=TypeScript]").textContent();
  assert.match(shown, /createSession\(\{[\s\S]*filename: "dunes.png",[\s\S]*size: 917/);

  const opened = page.waitForRequest((request) => request.url().endsWith("/uploads/session"));
  await sendButton(page).click();
  const request = await opened;
  assert.deepEqual(request.postDataJSON(), { projectId: reader.server.project, filename: "dunes.png", contentType: "image/png", size: 917 });
  const { uploadUrl } = await answered(page, "201 Created");
  const secret = (await request.allHeaders()).authorization.slice("Bearer ".length);
  assert.notEqual(secret, reader.server.key);
  const { apiKeyId } = await (await fetch(`${reader.server.base}/public/whoami`, { headers: { authorization: `Bearer ${secret}` } })).json();
  const keys = await reader.server.admin("key", "list");
  const made = keys.find(({ id }) => id === apiKeyId);
  const left = (Date.parse(made.expiresAt) - Date.now()) / 1000;
  assert.ok(left > 3000 && left <= 3600, `the key that was made ends by itself: ${made.expiresAt}`);

  await page.getByRole("link", { name: "Next: PUT a session's bytes" }).click();
  assert.equal(await page.getByLabel("uploadUrl").inputValue(), uploadUrl);
  await page.getByText("dunes.png, image/png, 917 B").waitFor();
  await sendButton(page).click();
  assert.equal((await answered(page, "200 OK")).sizeBytes, 917);
  await page.getByRole("link", { name: "Next: Complete an upload session" }).click();
  await sendButton(page).click();
  assert.equal((await answered(page, "202 Accepted")).status, "processing");
  await page.getByRole("link", { name: "Next: Look at an upload" }).click();
  await sendButton(page).click();
  await page.getByRole("link", { name: "Next: Get an address of a file" }).click();
  await page.getByText("More fields").click();
  await page.getByLabel("variant").selectOption("thumb_160");
  await sendButton(page).click();
  assert.equal((await answered(page, "200 OK")).access.variant, "thumb_160");
  await page.getByRole("link", { name: "Next: Download a file" }).click();
  await sendButton(page).click();
  const shownPicture = page.getByAltText("The picture that was answered");
  await shownPicture.waitFor();
  assert.equal(await shownPicture.evaluate((image) => image.decode().then(() => image.naturalWidth)), 160);
  assert.ok(reader.addresses.every((address) => !address.includes(secret) && !address.includes(reader.server.key)), "no key is in an address");
});

test("what is in a stored file leads nowhere", async () => {
  const evil = JSON.stringify({ uploadUrl: "http://cdn/$(id)", uploadId: "theirs", access: { url: "https://elsewhere.example/" } });
  const [{ fileId: id }] = await reader.server.upload([{ name: "evil.json", type: "application/json", bytes: Buffer.from(evil) }], false);
  const page = await reader.page();
  await page.goto(`${reader.docs}/docs/api/file_access`);
  await page.getByLabel("API key").fill(reader.server.key);
  await page.getByLabel("fileId").fill(id);
  await sendButton(page).click();
  await answered(page, "200 OK");
  await page.getByRole("link", { name: "Open the file" }).waitFor();
  await page.getByRole("link", { name: "Next: Download a file" }).click();
  await sendButton(page).click();
  assert.deepEqual(await answered(page, "200 OK"), JSON.parse(evil));
  assert.equal(await page.getByRole("link", { name: "Open the file" }).count(), 0);
  const kept = JSON.parse(await page.evaluate(() => sessionStorage.getItem("reupload.tryit")));
  assert.deepEqual([kept.uploadUrl, kept.uploadId], [undefined, undefined]);
});

test("an upload is asked for until it is ready, or somebody stops it", async () => {
  const page = await reader.page();
  const session = { projectId: reader.server.project, filename: "a.txt", contentType: "text/plain", size: 1 };
  const { uploadId, uploadUrl } = await reader.server.call("POST", "/uploads/session", session);
  await page.goto(`${reader.docs}/docs/api/get_session`);
  await page.getByLabel("API key").fill(reader.server.key);
  await page.getByLabel("uploadId").fill(uploadId);
  await sendButton(page).click();
  assert.equal((await answered(page, "200 OK")).session.status, "PENDING");
  await page.getByRole("button", { name: "Stop" }).click();
  await page.getByRole("alert").filter({ hasText: "Stopped." }).waitFor();

  await sendButton(page).click();
  assert.equal((await answered(page, "200 OK")).session.status, "PENDING");
  await fetch(uploadUrl, { method: "PUT", headers: { "content-type": "text/plain" }, body: "a" });
  await reader.server.call("POST", "/uploads/complete", { uploadId });
  await page.getByRole("link", { name: "Next: Get an address of a file" }).waitFor();
  assert.equal((await answered(page, "200 OK")).session.status, "COMPLETED");
});

test("no script failed, the policy reported nothing, and only this server was asked", () => reader.assertQuiet());
