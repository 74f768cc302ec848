// `reupload serve` as an operator starts it: a configuration file, an empty data folder, and the link that it prints for the first account.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { binary, freePort } from "./harness.mjs";

/** Starts it. Gives `{api, cdn, link, stop}`: origins, and the printed link. */
export async function startServe() {
  const data = await mkdtemp(join(tmpdir(), "reupload-serve-"));
  const [api, cdn, metrics] = await Promise.all([freePort(), freePort(), freePort()]);
  const config = join(data, "reupload.toml");
  const lines = [
    `api = { listen = "127.0.0.1:${api}", public_url = "http://127.0.0.1:${api}" }`,
    `cdn = { listen = "127.0.0.1:${cdn}", public_url = "http://127.0.0.1:${cdn}" }`,
    `metrics.listen = "127.0.0.1:${metrics}"`,
    `storage.data_dir = "${data}/data"`,
    // The receiver of the test is on this machine.
    "webhooks = { allow_private = true, allow_http = true }",
  ];
  await writeFile(config, lines.join("\n"));
  const child = spawn(binary, ["serve", "--config", config], { stdio: ["ignore", "pipe", "pipe"] });
  process.once("exit", () => child.kill("SIGKILL"));
  const link = await new Promise((found, failed) => {
    let output = "";
    const read = (piece) => {
      output += piece;
      const printed = /http:\S+\/setup#token=\S+/.exec(output)?.[0];
      if (printed) found(printed);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("exit", (code) => failed(new Error(`reupload serve ended with ${code}:\n${output}`)));
  });
  const stop = async () => {
    child.kill();
    if (child.exitCode === null) await once(child, "exit");
    await rm(data, { recursive: true });
  };
  return { api: `http://127.0.0.1:${api}`, cdn: `http://127.0.0.1:${cdn}`, link, stop };
}
