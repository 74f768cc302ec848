// What every browser test stands on: the real binary, its API, a browser, servers of the test's own.
// To add to it: one exported function a thing; whatever it starts, it gives a way to stop.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { chromium } from "playwright-core";

const target = process.env.CARGO_TARGET_DIR ?? resolve(import.meta.dirname, "../target");
/** The server that is tried. */
export const binary = process.env.REUPLOAD_BIN ?? join(target, "debug/reupload");

const execFileAsync = promisify(execFile);

/** A running `reupload dev` on free ports, with data that goes when it stops. */
export class Reupload {
  /**
   * Starts it, with settings as variables if need be, and waits for the end of its greeting. With a `Wire`, browsers reach the CDN host
   * through it.
   */
  static async start(wire, settings = {}) {
    const data = await mkdtemp(join(tmpdir(), "reupload-e2e-"));
    const cdn = wire ? await freePort() : 0;
    wire?.lead(cdn);
    const ports = Object.entries({ "--listen": 0, "--cdn-listen": cdn, "--metrics-listen": 0 });
    const free = ports.flatMap(([flag, port]) => [flag, `127.0.0.1:${port}`]);
    const child = spawn(binary, ["dev", ...free, "--data", data], {
      env: { ...process.env, REUPLOAD_LOG__FILTER: "warn", ...settings, ...(wire && { REUPLOAD_CDN__PUBLIC_URL: wire.url }) },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const end = () => child.kill("SIGKILL");
    process.once("exit", end);
    child.once("exit", () => process.off("exit", end));
    const failed = once(child, "error").then(([error]) => Promise.reject(error));
    const { link, cdn: cdnOrigin } = await Promise.race([greeting(child), failed]);
    const lines = (await readFile(join(data, "dev.env"), "utf8")).split("\n");
    const value = (name) => lines.find((line) => line.startsWith(`${name}=`)).slice(name.length + 1);
    const server = new Reupload();
    server.child = child;
    server.data = data;
    server.link = link;
    server.cdn = cdnOrigin;
    server.key = value("REUPLOAD_API_KEY");
    server.project = value("REUPLOAD_PROJECT_ID");
    server.base = value("REUPLOAD_API_BASE_URL");
    server.apiOrigin = new URL(server.base).origin;
    return server;
  }

  async stop() {
    this.child.kill();
    if (this.child.exitCode === null) await once(this.child, "exit");
    await rm(this.data, { recursive: true });
  }

  /** One call of the API; JSON in and out. Anything but 2xx throws. */
  async call(method, path, body) {
    const form = body instanceof FormData;
    const response = await fetch(this.base + path, {
      method,
      headers: { authorization: `Bearer ${this.key}`, ...(form || !body ? {} : { "content-type": "application/json" }) },
      body: form ? body : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  }

  /** What the command line prints beside the running server; throws what it refuses. */
  async command(...words) {
    return (await execFileAsync(binary, words)).stdout;
  }

  /** One of `reupload admin`, as JSON. */
  async admin(...words) {
    return JSON.parse(await this.command("admin", "--data", this.data, ...words, "--json"));
  }

  /** Uploads `[{name, type, bytes}]` directly, in one request of up to 100, and gives their `file` objects in order. */
  async upload(files, isPublic) {
    const form = new FormData();
    form.set("projectId", this.project);
    form.set("isPublic", String(isPublic));
    for (const { name, type, bytes } of files) form.append("file", new File([bytes], name, { type }));
    const answer = await this.call("POST", "/uploads/direct", form);
    return Promise.all((answer.files ?? [answer]).map(({ uploadId }) => this.completed(uploadId)));
  }

  /** Uploads one file by session and PUT, under exactly this name and declared type, and gives its `file` object. */
  async uploadBySession({ name, type, bytes }, isPublic) {
    const session = { projectId: this.project, filename: name, contentType: type, size: bytes.length, isPublic };
    const { uploadId, uploadUrl } = await this.call("POST", "/uploads/session", session);
    const put = await fetch(uploadUrl, { method: "PUT", headers: { "content-type": type }, body: bytes });
    if (!put.ok) throw new Error(`PUT of ${name}: ${put.status} ${await put.text()}`);
    await this.call("POST", "/uploads/complete", { uploadId });
    return this.completed(uploadId);
  }

  /** Waits up to 30 s until an upload is published. */
  async completed(uploadId) {
    for (const end = Date.now() + 30_000; ; await sleep(50)) {
      const { session, file } = await this.call("GET", `/uploads/session/${uploadId}`);
      if (file) return file;
      if (session.failureReason || Date.now() > end) throw new Error(`not published: ${JSON.stringify(session)}`);
    }
  }
}

/** Gives the link that signs in to the dashboard, and where the CDN host is. Reads on after the greeting, so that the process never waits for its reader. */
function greeting(child) {
  return new Promise((greeted, failed) => {
    let link, cdn;
    createInterface({ input: child.stdout }).on("line", (line) => {
      link ??= /http\S+\/sign-in#\S+/.exec(line)?.[0];
      cdn ??= /^ *CDN +(http\S+)/.exec(line)?.[1];
      if (line.includes("webhook create")) greeted({ link, cdn });
    });
    child.once("exit", (code) => failed(new Error(`reupload dev ended with ${code}`)));
  });
}

/** Debian's Chromium. Nothing of it calls home, so that a request is a request of the page. */
export function launchBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** An HTTP server on a free port. Gives `{port, stop}`. */
export async function serve(handler, onUpgrade) {
  const server = createServer(handler);
  if (onUpgrade) server.on("upgrade", onUpgrade);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const stop = () => (server.close(), server.closeAllConnections());
  return { port: server.address().port, stop };
}

/** A port that was free a moment ago. */
export async function freePort() {
  const { port, stop } = await serve();
  stop();
  return port;
}

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Runs `work` over `items`, `width` at once, and gives the results in order. */
export async function pool(width, items, work) {
  const results = [];
  const queue = items.entries();
  const run = async (_, lane) => {
    for (const [index, item] of queue) results[index] = await work(item, lane);
  };
  await Promise.all(Array.from({ length: width }, run));
  return results;
}
