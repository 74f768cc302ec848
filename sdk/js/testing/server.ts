/**
 * The real server for tests: one process of `reupload dev` in a temporary folder, on free ports. As a Vitest
 * `globalSetup` it runs for the whole project, and tests get it with `inject("server")`.
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";

/** `api` ends with `/api/v1`; `inbox` is where `reupload dev` shows webhooks; `data` is for `reupload admin --data`. */
export interface Server {
  bin: string;
  api: string;
  cdn: string;
  key: string;
  project: string;
  inbox: string;
  data: string;
}

declare module "vitest" {
  export interface ProvidedContext {
    server: Server;
  }
}

const DEBUG_BUILD = fileURLToPath(new URL("../../../target/debug/reupload", import.meta.url));
const READY_MS = 30_000;

/** Starts a server; `stop` ends it and deletes its data. */
export async function startServer(): Promise<Server & { stop(): Promise<void> }> {
  const bin = process.env.REUPLOAD_BIN ?? DEBUG_BUILD;
  const folder = mkdtempSync(path.join(tmpdir(), "reupload-js-"));
  const data = path.join(folder, "data");
  const listen = ["", "cdn-", "metrics-"].map((host) => `--${host}listen=127.0.0.1:0`);
  // No setting of the developer's own may reach it.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("REUPLOAD_")));
  const child = spawn(bin, ["dev", `--data=${data}`, ...listen], { env, stdio: ["ignore", "pipe", "ignore"] });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const shown = await new Promise<string>((resolve, reject) => {
      let text = "";
      // Listening goes on after that, or the server would stop when the pipe is full.
      child.stdout.on("data", (piece) => {
        text += piece;
        if (text.includes("Get told when a file is ready")) resolve(text);
      });
      child.once("error", reject);
      child.once("close", (code) => reject(new Error(`${bin} ended with ${code}:\n${text}`)));
      setTimeout(() => reject(new Error(`${bin} was not ready in time:\n${text}`)), READY_MS).unref();
    });
    const said = (pattern: RegExp): string => {
      const found = pattern.exec(shown)?.[1];
      if (found === undefined) throw new Error(`${pattern} is not in what the server said:\n${shown}`);
      return found;
    };
    return {
      bin,
      data,
      api: said(/REUPLOAD_API_BASE_URL=(\S+)/),
      key: said(/REUPLOAD_API_KEY=(\S+)/),
      project: said(/REUPLOAD_PROJECT_ID=(\S+)/),
      cdn: said(/CDN +(\S+)/),
      inbox: said(/inbox of webhooks +(\S+)/),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Runs `reupload admin` beside the server and gives its JSON. */
export function admin(server: Server, ...words: string[]): Record<string, unknown> {
  const shown = execFileSync(server.bin, ["admin", "--data", server.data, "--json", ...words], { encoding: "utf8" });
  return JSON.parse(shown);
}

/** What an application's environment has, as `DATA/dev.env` has it. */
export function environment(server: Server): Record<string, string> {
  return {
    REUPLOAD_API_KEY: server.key,
    REUPLOAD_PROJECT_ID: server.project,
    REUPLOAD_API_BASE_URL: server.api,
  };
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { stop, ...server } = await startServer();
  project.provide("server", server);
  return stop;
}
