// @vitest-environment node
/** The client as Vite builds it, in Chromium: what jsdom does not do, such as progress, tabs and pages that go away. */
import { readFileSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import type { UploadProgress } from "../src/index.js";
import { App, hang, refuse, refusing } from "./support/app.js";
import { startBackend } from "./support/backend.js";
import { bundle } from "./support/bundle.js";
import { until } from "./support/files.js";

type Client = typeof import("../src/index.js");
declare const reupload: Client;

let browser: Browser;
let script: string;
let app: App;
let page: Page;

beforeAll(async () => {
  script = await bundle('import * as reupload from "@reupload/client"; globalThis.reupload = reupload;');
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  });
});

afterAll(() => browser.close());

beforeEach(async () => {
  app = await App.start();
  page = await open(new URL("/page", app.apiUrl));
});

afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await app.stop();
});

/** A page of the backend's own origin, with the client in it. */
async function open(url: URL): Promise<Page> {
  const opened = await (await browser.newContext()).newPage();
  await opened.goto(url.href);
  await opened.addScriptTag({ content: script });
  return opened;
}

/** Uploads so many bytes in the page, and gives the result or the error, and the progress. */
function upload(size: number, options: { apiUrl?: string; stallTimeoutMs?: number; retries?: number } = {}) {
  return page.evaluate(
    async ([bytes, given]) => {
      const client = new reupload.ReuploadClient(given);
      const progress: UploadProgress[] = [];
      const file = new File([new Uint8Array(bytes).map((_, at) => at * 7)], "Ω.bin");
      try {
        const result = await client.uploadFile(file, { onProgress: (one) => progress.push(one) });
        return { ...(await client.pollUploadStatus(result.uploadId, { intervalMs: 50 })), progress };
      } catch (error) {
        if (!reupload.isReuploadClientError(error)) throw error;
        return { code: error.code, phase: error.phase, status: error.status, progress };
      }
    },
    [size, { apiUrl: "/some/app", retries: 0, ...options }] as const,
  );
}

describe("bytes", () => {
  test("tell on the way how far they are, and never less", async () => {
    app.paceMs = 1;
    const { status, progress } = await upload(30_000_000);
    expect(status).toBe("COMPLETED");
    const loaded = progress.map((one) => one.loaded);
    expect(loaded).toEqual(loaded.toSorted((a, b) => a - b));
    expect(progress.filter(({ phase, percent }) => phase === "cdn" && percent && percent < 100).length).toBeGreaterThan(
      2,
    );
    expect(progress.at(-1)).toEqual({ percent: 100, loaded: 30_000_000, total: 30_000_000, phase: "complete" });
  });

  test("may take longer than the limit on silence while they move", async () => {
    app.paceMs = 6;
    const start = Date.now();
    expect(await upload(40_000_000, { stallTimeoutMs: 3_000 })).toMatchObject({ status: "COMPLETED" });
    expect(Date.now() - start).toBeGreaterThan(3_500);
  });

  test("that stand still in the middle end with TIMEOUT", async () => {
    app.once("put", hang);
    const { code, phase, progress } = await upload(30_000_000, { stallTimeoutMs: 500 });
    expect({ code, phase }).toEqual({ code: "TIMEOUT", phase: "cdn" });
    expect(progress.some(({ percent }) => percent && percent < 100)).toBe(true);
  });

  test("are sent again from the start after a cut in their middle", async () => {
    app.once("put", async (request) => {
      await new Promise((resolve) => request.once("data", resolve));
      request.socket.destroy();
    });
    expect(await upload(10_000_000, { retries: 1 })).toMatchObject({ status: "COMPLETED" });
    expect(app.of("put").length).toBe(2);
    expect(app.sessions.size).toBe(1);
  });

  test("to a host that allows this origin nothing are a network error", async () => {
    app.once("preflight", (_request, answer) => refuse(answer, 403, "INVALID_SIGNATURE"));
    expect(await upload(10)).toMatchObject({ code: "NETWORK_ERROR", phase: "cdn", status: 0 });
    expect(app.of("put")).toEqual([]);
  });

  test("that are refused give the host's error", async () => {
    app.once("put", refusing(410, "SESSION_EXPIRED"));
    expect(await upload(10)).toMatchObject({ code: "SESSION_EXPIRED", phase: "cdn", status: 410 });
  });

  test("reach the real server, and are let through by its CORS", async () => {
    const backend = await startBackend(inject("server"));
    page = await open(new URL("/page", backend.apiUrl));
    expect(await upload(3_000_000, { apiUrl: "/" })).toMatchObject({ status: "COMPLETED" });
    await backend.stop();
  });
});

describe("an abort", () => {
  test("cuts the bytes and tells the backend, also when the page goes away", async () => {
    let gone = false;
    app.paceMs = 5;
    app.once("put", async (_request, _answer, read) => {
      await read().catch(() => {
        gone = true;
      });
    });
    await page.evaluate(() => {
      const store = reupload.createUploadStore({ client: new reupload.ReuploadClient({ apiUrl: "/some/app" }) });
      window.addEventListener("pagehide", () => store.destroy());
      store.add([new File([new Uint8Array(40_000_000)], "a")]);
    });
    await until(() => app.of("put").length === 1);
    await page.goto("about:blank");
    await until(() => app.of("cancel").length === 1);
    await until(() => gone);
    expect(app.sessions.get("u1")?.status).toBe("CANCELLED");
  });
});

describe("openFileInNewTab", () => {
  const onClick = () =>
    page.evaluate(() => {
      const client = new reupload.ReuploadClient({ apiUrl: "/some/app" });
      const button = document.querySelector("button");
      button?.addEventListener("click", () => {
        client.openFileInNewTab("f1").catch((error) => {
          document.title = error.code;
        });
      });
    });

  test("shows the file in a tab that cannot reach the page", async () => {
    await onClick();
    const [tab] = await Promise.all([page.waitForEvent("popup"), page.click("button")]);
    await tab.waitForURL(`${app.cdnUrl}/v1/files/f1/name`);
    expect(await tab.evaluate(() => window.opener)).toBeNull();
  });

  test("closes the tab when there is no access", async () => {
    await onClick();
    app.once("access", refusing(403, "PERMISSION_DENIED"));
    const [tab] = await Promise.all([page.waitForEvent("popup"), page.click("button")]);
    await until(() => tab.isClosed());
    await page.waitForFunction(() => document.title === "PERMISSION_DENIED");
  });
});

describe("README's example", () => {
  /** Runs it in a page with the two elements that it names, on this backend. */
  async function run(name: string): Promise<void> {
    const source = readFileSync(new URL(`../examples/${name}`, import.meta.url), "utf8");
    const code = await bundle(source.replace("/api/reupload", "/some/app"));
    await page.setContent(
      '<input type="file" id="file" multiple> <output id="output" style="white-space: pre"></output>',
    );
    await page.addScriptTag({ content: code });
  }
  const choose = (...names: string[]) =>
    page.setInputFiles(
      "#file",
      names.map((name) => ({ name, mimeType: "application/pdf", buffer: Buffer.from(name) })),
    );
  const shows = (text: string) => page.waitForFunction((wanted) => document.body.textContent.includes(wanted), text);

  test("for one file", async () => {
    await run("plain.js");
    await choose("Ω.pdf");
    await shows("Stored as f1");
    expect(app.sessions.get("u1")?.bytes?.toString()).toBe("Ω.pdf");
    app.outcome = { status: "FAILED", failureReason: "MALWARE_DETECTED" };
    await choose("bad.pdf");
    await shows("Malware was found in the file.");
  });

  test("for many", async () => {
    await run("store.js");
    await choose("a.pdf", "b.pdf", "c.pdf", "d.pdf");
    await shows("4 of 4\na.pdf: completed\nb.pdf: completed");
    await choose("a.pdf");
    await shows("5 of 5");
  });
});
