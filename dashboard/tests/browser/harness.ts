// The built pages in Chromium, with the Content-Security-Policy of the server.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { build } from "vite";
// @ts-expect-error: a script without types
import { play } from "../played/server.mjs";

export type Played = { url: string; close: () => void };

export type Harness = {
  /** A fresh browser at a page of the application. Its console errors and CSP reports fail `done`. */
  open: (path: string, options?: { dark?: boolean; width?: number; signedIn?: boolean }) => Promise<Page>;
  /** Throws what the pages of the last test complained of. */
  done: () => Promise<void>;
  stop: () => Promise<void>;
};

/** With `api` the pages speak to a real server at this address, and nobody is signed in at first. */
export async function start(api?: string, cdn?: string): Promise<Harness> {
  const dist = await mkdtemp(join(tmpdir(), "reupload-dashboard-"));
  await build({
    root: fileURLToPath(new URL("../..", import.meta.url)),
    mode: "look",
    logLevel: "error",
    build: { outDir: dist, emptyOutDir: true },
  });
  const servers: Record<string, Played> = {
    in: await play({ dist, api, cdn }),
    out: await play({ dist, api, cdn, signedIn: false }),
  };
  const browser: Browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  });
  let complaints: string[] = [];
  return {
    async open(path, { dark = false, width = 1280, signedIn = true } = {}) {
      const context = await browser.newContext({
        viewport: { width, height: 800 },
        colorScheme: dark ? "dark" : "light",
      });
      // Its own pages may be others than these, and its CDN host takes uploads from the API's own origin alone.
      if (api) {
        // For what is answered here Chromium knows no address, and asks before such a page may reach this machine.
        await context.grantPermissions(["local-network-access"]);
        await context.route(
          (url) => url.origin === api && !/^\/(api|dev\/webhooks)\//.test(url.pathname),
          async (route) => {
            const { pathname, search } = new URL(route.request().url());
            await route.fulfill({ response: await route.fetch({ url: `${servers.in?.url}${pathname}${search}` }) });
          },
        );
      }
      const page = await context.newPage();
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("console", (message) => {
        const isRefusal = message.text().startsWith("Failed to load resource");
        if (message.type() === "error" && !isRefusal) complaints.push(message.text());
      });
      await page.goto((api ?? (signedIn ? servers.in : servers.out)?.url) + path);
      await page.locator("h1").waitFor();
      return page;
    },
    async done() {
      for (const context of browser.contexts()) await context.close();
      const found = complaints;
      complaints = [];
      if (found.length > 0) throw new Error(found.join("\n"));
    },
    async stop() {
      await browser.close();
      for (const server of Object.values(servers)) server.close();
      await rm(dist, { recursive: true });
    },
  };
}
