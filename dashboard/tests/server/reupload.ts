// A real server for a test: `reupload dev` with its data in a temporary folder.
import { execFile, spawn } from "node:child_process";
import { access, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const BINARY = process.env.REUPLOAD_BIN ?? fileURLToPath(new URL("../../../target/debug/reupload", import.meta.url));

export type Reupload = {
  /** The API host. */
  url: string;
  /** What the sign-in link has after its `#`. */
  signIn: string;
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

export async function startReupload(): Promise<Reupload> {
  await access(BINARY).catch(() => {
    throw new Error(`no server at ${BINARY}: build it (cargo build), or name one by REUPLOAD_BIN`);
  });
  const data = await mkdtemp(join(tmpdir(), "reupload-data-"));
  const [api, cdn, metrics] = await Promise.all([freePort(), freePort(), freePort()]);
  const address = (port: number | undefined) => `127.0.0.1:${port}`;
  const child = spawn(
    BINARY,
    [
      "dev",
      "--data",
      data,
      "--listen",
      address(api),
      "--cdn-listen",
      address(cdn),
      "--metrics-listen",
      address(metrics),
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let output = "";
  const signIn = await new Promise<string>((resolve, reject) => {
    const read = (part: Buffer) => {
      output += part;
      const token = /\/sign-in#(token=\S+)/.exec(output)?.[1];
      // The link is printed before the last lines; the server listens by then.
      if (token) resolve(token);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.on("exit", (code) => reject(new Error(`the server ended with ${code}:\n${output}`)));
  });
  return {
    url: `http://${address(api)}`,
    signIn,
    admin: async (...words) => (await promisify(execFile)(BINARY, ["admin", ...words, "--data", data])).stdout,
    async stop() {
      const ended = new Promise((resolve) => child.on("exit", resolve));
      child.kill("SIGINT");
      await ended;
      await rm(data, { recursive: true });
    },
  };
}
