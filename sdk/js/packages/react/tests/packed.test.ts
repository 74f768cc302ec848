// @vitest-environment node
/** Both browser packages as npm gives them: typed in an empty project, built by Vite, and at work in Chromium. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { examples, type Packed, pack } from "../../../testing/packed.js";
import type {} from "../../../testing/server.js";
import { startBackend } from "../../client/tests/support/backend.js";

const TOOLS = ["react", "react-dom", "@types/react", "@types/react-dom", "vite", "@vitejs/plugin-react"];
const TYPES: Record<string, string> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };
const MOUNTED = "/api/reupload";
const minutes = (count: number) => ({ timeout: count * 60_000 });

let packed: Packed;
beforeAll(() => {
  packed = pack("react", ["client"], TOOLS);
}, 240_000);
afterAll(() => packed.remove());

test("every typed example of both READMEs is right", minutes(4), () => {
  const files = ["react", "client"].flatMap((name) => {
    const folder = path.join(import.meta.dirname, "../..", name, "examples");
    const typed = readdirSync(folder).filter((file) => file.endsWith(".tsx"));
    return typed.map((file) => [file, readFileSync(path.join(folder, file), "utf8")] as const);
  });
  expect(files.length).toBeGreaterThan(3);
  packed.check(Object.fromEntries(files), false);
});

test("the README's first example uploads from a Vite app", minutes(4), async () => {
  const backend = await startBackend(inject("server"));
  const write = (name: string, text: string) => writeFileSync(path.join(packed.folder, name), text);
  write("receipts.tsx", examples("react")[0] ?? "");
  write("main.tsx", MAIN);
  write("index.html", '<!doctype html><div id="root"></div><script type="module" src="/main.tsx"></script>');
  write("vite.config.js", 'import react from "@vitejs/plugin-react";\nexport default { plugins: [react()] };\n');
  execFileSync("npx", ["vite", "build"], { cwd: packed.folder, stdio: "pipe" });

  const site = createServer(async (request, answer) => {
    const url = request.url ?? "/";
    if (url.startsWith(MOUNTED)) {
      const { method = "GET" } = request;
      const body = method === "GET" ? {} : { body: Buffer.concat(await request.toArray()) };
      const headers = { "content-type": "application/json" };
      const answered = await fetch(backend.apiUrl + url.slice(MOUNTED.length), { method, headers, ...body });
      answer.writeHead(answered.status, headers).end(await answered.text());
      return;
    }
    const file = path.join(packed.folder, "dist", url === "/" ? "index.html" : url);
    if (!existsSync(file)) return void answer.writeHead(404).end();
    answer.writeHead(200, { "content-type": TYPES[path.extname(file)] }).end(readFileSync(file));
  }).listen(0, "127.0.0.1");
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  });
  try {
    const page = await browser.newPage();
    const said: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
    const file = { name: "receipt.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4\n") };
    await page.locator("input[type=file]").setInputFiles(file);
    await page.getByText("Uploaded", { exact: true }).waitFor();
    expect(said.some((line) => /^stored as [0-9a-f-]{36}$/.test(line))).toBe(true);
    const corner = await page.locator(".reupload-panel").evaluate((panel) => getComputedStyle(panel).borderRadius);
    expect(corner).not.toBe("0px");
  } finally {
    await browser.close();
    site.close();
    await backend.stop();
  }
});

const MAIN = `
import { createRoot } from "react-dom/client";
import { Receipts } from "./receipts";

createRoot(document.getElementById("root")!).render(<Receipts />);
`;
