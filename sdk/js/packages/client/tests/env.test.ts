// @vitest-environment node
/** Which address `createReuploadClientFromEnv` finds, in what a bundler makes of it. */
import { createContext, runInContext } from "node:vm";
import { afterEach, expect, test, vi } from "vitest";
import { createReuploadClientFromEnv } from "../src/index.js";
import { bundle } from "./support/bundle.js";

const PAGE = `
import { createReuploadClientFromEnv } from "@reupload/client";
const fetch = (url) => { globalThis.asked = url; return new Promise(() => {}); };
try {
  createReuploadClientFromEnv({ fetch }).getUploadStatus("u");
} catch (error) {
  globalThis.failed = error.message;
}`;

/** Runs the page where nothing of Node is. */
async function run(define: Record<string, string> = {}) {
  const code = await bundle(PAGE, define);
  const page = createContext({ Headers, AbortController, setTimeout, clearTimeout });
  runInContext(code, page);
  return { asked: page.asked as string | undefined, failed: page.failed as string | undefined };
}

afterEach(() => vi.unstubAllEnvs());

// What Next.js puts in the place of these words.
const next = (url: string) => ({ "process.env.NEXT_PUBLIC_API_URL": JSON.stringify(url) });

test("VITE_API_URL, as Vite puts it in", async () => {
  vi.stubEnv("VITE_API_URL", "https://vite.example/api");
  expect(await run()).toEqual({ asked: "https://vite.example/api/uploads/u/status" });
});

test("NEXT_PUBLIC_API_URL, as Next.js puts it in", async () => {
  expect(await run(next("/next"))).toEqual({ asked: "/next/uploads/u/status" });
});

test("NEXT_PUBLIC_API_URL comes first, if it is not empty", async () => {
  vi.stubEnv("VITE_API_URL", "/vite");
  expect((await run(next("/next"))).asked).toBe("/next/uploads/u/status");
  expect((await run(next(""))).asked).toBe("/vite/uploads/u/status");
});

test("neither: an error that names them, also where there is no process", async () => {
  const { asked, failed } = await run();
  expect(asked).toBeUndefined();
  expect(failed).toMatch(/NEXT_PUBLIC_API_URL.*VITE_API_URL/);
});

test("on a server, from its own environment", () => {
  vi.stubEnv("NEXT_PUBLIC_API_URL", "https://server.example");
  expect(createReuploadClientFromEnv()).toBeTruthy();
  vi.stubEnv("NEXT_PUBLIC_API_URL", "");
  expect(() => createReuploadClientFromEnv()).toThrow(TypeError);
});
