// An example as a person starts it: its own process by `./run`, beside the real server, with real webhooks.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { binary, freePort, sleep } from "./harness.mjs";

/** Starts the one of that name; the first time that builds the packages and the application. Gives `{url, stop}`. */
export async function startExample(name, server) {
  const folder = resolve(import.meta.dirname, "../examples", name);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(join(folder, "run"), [String(port)], {
    env: { ...process.env, DEV_ENV: join(server.data, "dev.env"), REUPLOAD_BIN: binary },
    stdio: ["ignore", "ignore", "inherit"],
    cwd: "/",
  });
  process.once("exit", () => child.kill("SIGKILL"));
  for (const end = Date.now() + 300_000; ; await sleep(200)) {
    if (child.exitCode !== null) throw new Error(`examples/${name}/run ended with ${child.exitCode}`);
    if (await fetch(url).then((answer) => answer.ok, () => false)) break;
    if (Date.now() > end) throw new Error(`examples/${name} does not answer`);
  }
  const stop = async () => {
    child.kill();
    if (child.exitCode === null) await once(child, "exit");
  };
  return { url, stop };
}
