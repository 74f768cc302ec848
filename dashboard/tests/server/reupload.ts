// A real server for a test, with its data in a temporary folder.
import { execFile, spawn } from "node:child_process";
import { access, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const BINARY = process.env.REUPLOAD_BIN ?? fileURLToPath(new URL("../../../target/debug/reupload", import.meta.url));

export type Reupload = {
  /** The API host. */
  url: string;
  /** The CDN host. */
  cdn: string;
  /** The path of the link that it prints at its start: to sign in, or to set up. */
  link: string;
  /** What `reupload admin` prints, beside the running server. */
  admin: (...words: string[]) => Promise<string>;
  stop: () => Promise<void>;
};

const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });

/** `dev` has an account, a workspace and a project; `serve` has nothing yet. */
export async function startReupload(command: "dev" | "serve" = "dev"): Promise<Reupload> {
  await access(BINARY).catch(() => {
    throw new Error(`no server at ${BINARY}: build it (cargo build), or name one by REUPLOAD_BIN`);
  });
  const data = await mkdtemp(join(tmpdir(), "reupload-data-"));
  const ports = await Promise.all([freePort(), freePort(), freePort()]);
  const [api, cdn, metrics] = ports.map((port) => `127.0.0.1:${port}`);
  const config = join(data, "reupload.toml");
  await writeFile(
    config,
    `api = { listen = "${api}", public_url = "http://${api}" }
     cdn = { listen = "${cdn}", public_url = "http://${cdn}" }
     metrics.listen = "${metrics}"
     storage.data_dir = "${data}"`,
  );
  const started = {
    dev: ["--data", data, "--listen", `${api}`, "--cdn-listen", `${cdn}`, "--metrics-listen", `${metrics}`],
    serve: ["--config", config],
  };
  const child = spawn(BINARY, [command, ...started[command]], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const link = await new Promise<string>((resolve, reject) => {
    const read = (part: Buffer) => {
      output += part;
      const found = /\/(sign-in|setup)#token=\S+/.exec(output)?.[0];
      if (found) resolve(found);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.on("exit", (code) => reject(new Error(`the server ended with ${code}:\n${output}`)));
  });
  return {
    url: `http://${api}`,
    cdn: `http://${cdn}`,
    link,
    admin: async (...words) => (await promisify(execFile)(BINARY, ["admin", ...words, "--data", data])).stdout,
    async stop() {
      const ended = new Promise((resolve) => child.on("exit", resolve));
      child.kill("SIGINT");
      await ended;
      await rm(data, { recursive: true });
    },
  };
}
