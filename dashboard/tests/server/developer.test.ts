// From a new project to a delivered webhook, on a real server: each step leads to the next.
import { execFile } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { served } from "./served";

type Received = { headers: IncomingMessage["headers"]; body: string };

const here = served();
let receiver: Server;
let page: Page;
const received: Received[] = [];
/** A busy machine may take longer than the second that polling has by itself. */
const SOON = { timeout: 20_000 };
/** What the receiver answers. */
let answer = 500;

beforeAll(async () => {
  receiver = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    received.push({ headers: request.headers, body });
    response.writeHead(answer, { "Content-Type": "application/json" }).end('{"said":"so"}');
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
});
afterAll(() => void receiver.close());

const button = (name: string) => page.getByRole("button", { name, exact: true });
const heading = (name: string) => page.getByRole("heading", { level: 1, name, exact: true }).waitFor();
const toast = (text: string) => page.getByRole("region", { name: "Messages" }).getByText(text).first().waitFor();
const place = (name: string) => page.getByRole("navigation").getByRole("link", { name, exact: true }).click();
const choose = async (item: string) => {
  await button("More actions").click();
  await page.getByRole("menuitem", { name: item }).click();
};
/** Reads the secret of the dialog that shows it once, and leaves it. */
const takeSecret = async () => {
  const secret = await page.getByRole("dialog").locator("pre").first().textContent();
  await page.getByLabel("I have saved it").check();
  await button("Done").click();
  return secret ?? "";
};
const whoami = (key: string) =>
  fetch(`${here.server.url}/api/v1/public/whoami`, { headers: { Authorization: `Bearer ${key}` } });

it("goes from a new project to a delivered webhook", async () => {
  const { app, server } = here;
  page = await app.open(server.link);

  // A project, with a mistake in its origin that is mended by one press.
  await place("Projects");
  await button("New project").click();
  await page.getByRole("textbox", { name: "Name" }).fill("Portal");
  await button("Add origin").click();
  await page.getByLabel("Origin 1").fill("portal.example.com/upload");
  await button("Use https://portal.example.com").click();
  await button("Create project").click();
  await heading("Integrate");
  const project = /\/p\/([^/]+)/.exec(page.url())?.[1] ?? "";

  // A key for it alone, straight into the snippets; they work when pasted.
  await button("New key").click();
  await page.getByRole("textbox", { name: "Name" }).fill("Portal, production");
  await button("Create key").click();
  await page.getByLabel("I have saved it").waitFor();
  const key = await takeSecret();
  const known = await (await whoami(key)).json();
  expect(known).toMatchObject({
    name: "Portal, production",
    permissions: ["files.read", "files.write"],
    projects: [{ id: project, name: "Portal", uploadCorsOrigins: ["https://portal.example.com"] }],
  });
  const curl = await page.locator("pre").filter({ hasText: "uploads/direct" }).textContent();
  const folder = await mkdtemp(join(tmpdir(), "reupload-snippet-"));
  await writeFile(join(folder, "photo.jpg"), "not really a picture");
  const { stdout } = await promisify(execFile)("sh", ["-c", `${curl?.trim()} --silent`], { cwd: folder });
  await rm(folder, { recursive: true });
  const { uploadId } = JSON.parse(stdout);
  expect(uploadId).toBeTruthy();

  // Settings: what is refused is told, what is saved is there after a reload, and for apps too.
  await place("Project settings");
  await page.getByLabel("Largest file").first().fill("25 MiB");
  await page.getByLabel("Number of files").last().fill("1,000");
  await page.getByLabel("Delete files after").fill("30");
  await page.getByLabel("Malware scan").selectOption("required");
  await button("Images").click();
  await button("Save settings").click();
  await toast("Settings saved");
  await page.reload();
  expect(await page.getByLabel("Largest file").first().inputValue()).toBe("25 MiB");
  expect(await page.getByLabel("Number of files").last().inputValue()).toBe("1000");
  expect(await page.getByLabel("Delete files after").inputValue()).toBe("30");
  expect(await page.getByLabel("Malware scan").inputValue()).toBe("required");
  expect(await page.getByLabel("Type 1", { exact: true }).inputValue()).toBe("image/*");
  await page.getByLabel("Number of files").last().fill("");
  await button("Save settings").click();
  await toast("Settings saved");
  await page.reload();
  expect(await page.getByLabel("Number of files").last().inputValue()).toBe("");

  // An endpoint; a test event that its server fails to take, with everything that was sent and answered.
  await place("Webhooks");
  await button("Add endpoint").click();
  const hooks = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hooks`;
  await page.getByLabel("Address").fill(hooks);
  await page.getByLabel("Headers of your own").fill("Authorization: Bearer hunter2");
  await page.getByRole("dialog").getByRole("button", { name: "Add endpoint" }).click();
  await page.getByLabel("I have saved it").waitFor();
  const secret = await takeSecret();
  await heading(hooks.replace("http://", ""));
  await button("Send test event").click();
  await page.getByRole("table", { name: "Deliveries" }).getByText("Retry").waitFor();
  const [first] = received;
  expect(first?.headers.authorization).toBe("Bearer hunter2");
  expect(signs(secret, first)).toBe(true);
  await page.getByRole("button", { name: "file.uploaded" }).first().click();
  const panel = page.getByRole("dialog");
  await panel.getByText("The endpoint failed on its side.").waitFor();
  expect(await panel.locator("pre").nth(1).textContent()).toBe('{\n  "said": "so"\n}');
  await panel.getByRole("tab", { name: "Request" }).click();
  expect(JSON.parse((await panel.locator("pre").nth(1).textContent()) ?? "")).toEqual(JSON.parse(first?.body ?? ""));
  expect(await panel.textContent()).not.toContain("hunter2");

  // Its server is mended, and the event sent again.
  answer = 200;
  await panel.getByRole("button", { name: "Send again" }).click();
  await panel.getByText("Delivered", { exact: true }).waitFor();
  await page.keyboard.press("Escape");

  // A new secret, beside which the former one signs for a while.
  await choose("Change the signing secret");
  await button("Make a new secret").click();
  await page.getByLabel("I have saved it").waitFor();
  const next = await takeSecret();
  expect(next).not.toBe(secret);
  await page.getByText("The former one signs too").waitFor();
  const before = received.length;
  await button("Send test event").click();
  await expect.poll(() => received.length).toBe(before + 1);
  expect([secret, next].map((each) => signs(each, received.at(-1)))).toEqual([true, true]);

  // A long log is loaded page by page, down to the first delivery.
  const at = /\/w\/([^/]+)\/.*\/webhooks\/([^/]+)/.exec(page.url());
  await page.evaluate(
    async ([workspace, endpoint]) => {
      const target = `/api/dashboard/workspaces/${workspace}/webhooks/${endpoint}/test`;
      const headers = { "content-type": "application/json" };
      for (let sent = 0; sent < 120; sent += 1) {
        const { ok } = await fetch(target, { method: "POST", headers, body: '{"type":"file.deleted"}' });
        if (!ok) throw new Error("refused");
      }
    },
    [at?.[1], at?.[2]],
  );
  await page.reload();
  await heading(hooks.replace("http://", ""));
  const last = page.locator('tr[aria-rowindex="123"]');
  await expect
    .poll(async () => {
      await page.mouse.wheel(0, 4000);
      return last.count();
    }, SOON)
    .toBe(1);
  expect(await last.textContent()).toContain("file.uploaded");

  // Disabled, with the reason in words; enabled with what it missed.
  await choose("Disable");
  await button("Disable").click();
  await page.getByText("Disabled in the dashboard.").waitFor();
  expect(await button("Send test event").isDisabled()).toBe(true);
  await button("Enable and catch up").click();
  await button("Enable and send").click();
  await page.getByText("Active", { exact: true }).waitFor();

  // How the server is.
  await place("System");
  await page.getByText("SQLite, embedded").waitFor();
  await place("Webhook inbox");
  await heading("Webhook inbox");
  await page
    .getByRole("button", { name: /file\.uploaded/ })
    .or(page.getByText("Nothing has come in yet"))
    .first()
    .waitFor();

  // A revoked key is refused at once; the endpoint is gone when it is deleted.
  expect((await whoami(key)).status).toBe(200);
  await place("API keys");
  await button("Revoke Portal, production").click();
  const confirm = page.getByRole("dialog");
  const typed = confirm.getByRole("textbox");
  if (await typed.count()) await typed.fill("Portal, production");
  await button("Revoke key").click();
  await toast("Key revoked");
  expect((await whoami(key)).status).toBe(401);
  await page.getByLabel("Show 1 revoked or ended key").check();
  await page.getByText("Revoked", { exact: true }).waitFor();
  await place("Webhooks");
  await page.getByRole("link", { name: hooks.replace("http://", "") }).click();
  await choose("Delete");
  await page.getByLabel(/^Type/).fill(hooks.replace("http://", ""));
  await button("Delete endpoint").click();
  await page.getByText("No endpoints yet").waitFor();
}, 180_000);

/** Whether one of the signatures of `Reupload-Signature` is by this secret (CONTRACT.md, section 7). */
function signs(secret: string, request: Received | undefined): boolean {
  const header = String(request?.headers["reupload-signature"]);
  const time = /t=(\d+)/.exec(header)?.[1];
  const mac = createHmac("sha256", secret).update(`${time}.${request?.body}`).digest("hex");
  return header.includes(`v1=${mac}`);
}
