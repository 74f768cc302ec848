// Plays a page of the documentation: its blocks in order, in one bash in a fresh folder, beside a real `reupload dev`.

import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, open, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { difference, inPlace, lastJson, patternOf } from "./blocks.mjs";
import { binary, Reupload } from "./harness.mjs";
import { checkTypes, toJavaScript } from "./typescript.mjs";

const root = resolve(import.meta.dirname, "..");
/** npm's packages: ours, by links to their folders, and what they are tested with. */
const modules = join(root, "sdk/js/node_modules");
const LIMIT_MS = 120_000;

/**
 * Plays the blocks of a page, beside a clone of Reupload or in it; throws what failed, with its line and what was printed. `venv` is the environment
 * with the Python SDK.
 */
export async function play(blocks, venv, inClone = false) {
  const live = blocks.filter(({ kind }) => ["shell", "file", "program", "types"].includes(kind));
  if (live.length === 0) return;
  const server = await Reupload.start();
  const stage = await mkdtemp(join(tmpdir(), "reupload-page-"));
  try {
    const move = await mover(server);
    const [app, steps, bin] = [inClone ? "reupload" : "app", "steps", "bin"].map((name) => join(stage, name));
    await cloneWith(server.data, join(stage, "reupload"));
    await Promise.all([app, steps, bin].map((folder) => mkdir(folder, { recursive: true })));
    await copyFile(join(import.meta.dirname, "photo.jpg"), join(app, "photo.jpg"));
    if (!inClone) await symlink(server.data, join(app, "reupload-data"));
    await symlink(modules, join(stage, "node_modules"));
    await symlink(resolve(binary), join(bin, "reupload"));
    const script = await scriptOf(live, { app, steps, move });
    const path = [bin, join(venv, "bin"), process.env.PATH].join(delimiter);
    await run(script, app, { ...environment(server), PATH: path, OUTPUTS: steps }, join(steps, "log"));
    await compareAnswers(blocks, steps, move);
    await findImports(live, app);
  } finally {
    await server.stop();
    await rm(stage, { recursive: true });
  }
}

/** A clone of Reupload as a reader has it, in which `reupload dev` was started. */
async function cloneWith(data, folder) {
  await mkdir(folder);
  for (const name of ["docs", "examples", "scripts", "sdk"]) await symlink(join(root, name), join(folder, name));
  await symlink(data, join(folder, "reupload-data"));
}

/** Puts free ports of this run in the place of those that a reader has. */
async function mover(server) {
  const [mine, other] = [await applicationPort(), await applicationPort()];
  const ports = { 4000: new URL(server.base).port, 4001: new URL(server.cdn).port, 8000: mine, 3000: other };
  return (text) => text.replace(/(?<![\w.-])(?:4000|4001|8000|3000)(?![\w-]|\.\d)/g, (port) => ports[port]);
}

/**
 * A free port for what a page starts later. Not one that the system gives out: by then another page's server, or a connection, could have it.
 */
async function applicationPort() {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    const server = createServer().listen(port, "127.0.0.1");
    try {
      await once(server, "listening");
    } catch {
      continue; // somebody has it
    }
    server.close();
    await once(server, "close");
    return port;
  }
}

/** The environment of the test without settings of its own, and what `reupload dev` prints. */
function environment(server) {
  const others = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("REUPLOAD_")));
  return {
    ...others,
    REUPLOAD_API_KEY: server.key,
    REUPLOAD_PROJECT_ID: server.project,
    REUPLOAD_API_BASE_URL: server.base,
    PYTHONUNBUFFERED: "1",
    NODE_OPTIONS: "--enable-source-maps",
  };
}

/** Writes what the blocks are, and gives the bash that takes them in order. What a block prints goes to `steps/LINE.out`. */
async function scriptOf(live, { app, steps, move }) {
  const script = [
    "set -Eeuo pipefail",
    `trap 'status=$?; [ $status = 0 ] || { echo "the block at line $at ended with status $status; it printed:"; cat "${steps}/$at.out"; }' EXIT`,
  ];
  const typed = [];
  for (const block of live) {
    const { kind, line, path, program } = block;
    const out = join(steps, `${line}.out`);
    script.push(`at=${line}; : >'${out}'`);
    if (kind === "shell") {
      const step = join(steps, `line ${line}`);
      await writeFile(step, move(inPlace([block])));
      script.push(block.until ? background(step, out, block.until) : `{ . '${step}'; } >'${out}'`);
    } else if (kind === "file") {
      const step = join(steps, `${line}.file`);
      await writeFile(step, move(block.code));
      script.push(`mkdir -p '${dirname(path)}'; cat '${step}' >${block.append ? ">" : ""}'${path}'`);
      if (path.endsWith(".py")) script.push(`python -c 'import ast, sys; ast.parse(open(sys.argv[1]).read(), sys.argv[1])' '${path}'`);
      if (/\.m?js$/.test(path)) script.push(`node --check '${path}'`);
    } else if (kind === "types") {
      // Those of the browser are one program too, each component stands alone.
      const all = block.language === "tsx" ? [block] : live.filter((other) => other.kind === kind && other.language === block.language);
      typed.push(await write(app, block.language === "tsx" ? `line-${line}.tsx` : "browser.mts", move(inPlace(all))));
    } else {
      const all = live.filter((other) => other.program === program);
      if (block !== all.at(-1)) continue;
      const code = move(inPlace(all));
      if (program === "python") await write(app, "page.py", code);
      else typed.push(await write(app, "page.mts", code), await write(app, "page.mjs", toJavaScript(code)));
      script.push(`${program === "python" ? "python page.py" : "node page.mjs"} >'${out}'`);
    }
  }
  checkTypes([...new Set(typed)].filter((file) => !file.endsWith(".mjs")), join(modules, "@types"));
  return script.join("\n");
}

async function write(folder, name, text) {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}

/** Starts what a reader starts in a terminal of its own, and waits up to 30 s until it prints `until`. */
function background(step, out, until) {
  return [
    `{ . '${step}'; } >'${out}' 2>&1 &`,
    `for try in $(seq 300); do grep -qF -- '${until}' '${out}' && break; kill -0 $!; sleep 0.1; done`,
    `grep -qF -- '${until}' '${out}' || { echo 'it has not printed: ${until}'; exit 1; }`,
  ].join("\n");
}

// So that `exit` comes, and nothing is left running, when the test itself is ended.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

/** Runs the script, and ends it with all that it has started. */
async function run(script, cwd, env, logPath) {
  const log = await open(logPath, "w");
  const child = spawn("bash", ["-c", script], { cwd, env, detached: true, stdio: ["ignore", log.fd, log.fd] });
  const end = () => endGroup(child.pid);
  process.once("exit", end);
  const timer = setTimeout(end, LIMIT_MS);
  try {
    const [status] = await once(child, "exit");
    if (status !== 0) throw new Error(`${await readFile(logPath, "utf8")}${status === null ? "\nit was ended: its time was over" : ""}`);
  } finally {
    clearTimeout(timer);
    process.off("exit", end);
    end();
    await log.close();
  }
}

function endGroup(leader) {
  try {
    process.kill(-leader, "SIGKILL");
  } catch (error) {
    // Nothing was left running.
    if (error.code !== "ESRCH") throw error;
  }
}

/**
 * A block of JSON behind one that ran is the end of what that one printed, and text right behind it a part of that. A refusal that a reader sees
 * must be shown.
 */
async function compareAnswers(blocks, steps, move) {
  const visible = blocks.filter(({ hidden }) => !hidden);
  for (const [index, block] of visible.entries()) {
    if (!["shell", "program"].includes(block.kind)) continue;
    const output = await readFile(join(steps, `${block.line}.out`), "utf8");
    const next = visible[index + 1];
    if (next?.language === "json" && next.kind === "data") {
      const got = lastJson(output);
      if (got === undefined) throw new Error(`line ${next.line}: the block before printed no JSON:\n${output}`);
      const found = difference(JSON.parse(move(next.code)), got);
      if (found) throw new Error(`line ${next.line}: ${found}`);
    }
    if (next?.language === "text" && next.line <= endOf(block) + 2 && !new RegExp(patternOf(move(next.code.trim()))).test(output)) {
      throw new Error(`line ${next.line}: it is not in what was printed:\n${output}`);
    }
    const [refusal] = /"error": ?"[A-Z_]+"/.exec(output) ?? [];
    if (refusal && !block.until && !/"error"/.test(next?.code)) throw new Error(`line ${block.line}: it printed ${refusal}`);
  }
}

/** On a page with the files of an example, what they import of the application is there too: shown, or copied by a block. */
async function findImports(live, app) {
  for (const { source, path, line } of live) {
    if (!source) continue;
    for (const [, name] of (await readFile(join(app, path), "utf8")).matchAll(/^(?:import|export) [^;]*?"((?:\.{1,2}|@)\/[^"]+)";$/gm)) {
      const file = name.startsWith("@/") ? join(app, name.slice(2)) : join(app, dirname(path), name);
      const found = ["", ".ts", ".tsx", ".js"].some((ending) => existsSync(file + ending));
      if (!found) throw new Error(`line ${line}: ${path} imports ${name}, which is not on the page`);
    }
  }
}

/** The line of a block's closing fence. */
const endOf = ({ line, code }) => line + code.split("\n").length;
