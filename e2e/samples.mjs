// The samples of the documentation's API pages, run as they are shown: the same story as that of the examples, told by curl, Python or Node.

import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { curl, pythonSample, typescriptSample } from "../docs/site/shared/samples.js";
import { operationsOf, readDocument, Run, sentOf, story } from "./api-examples.mjs";
import { Reupload } from "./harness.mjs";

const modules = resolve(import.meta.dirname, "../sdk/js/node_modules");
/** What a sample calls the whole answer. What it calls `file` is that field of it. */
const NAMES = ["answer", "session", "accepted", "state", "gone", "usage"];

/** Tells the story in `language`: `curl`, `python` (by the interpreter `python`) or `typescript`. Gives the operations that had a sample. */
export async function playSamples(language, python) {
  const server = await Reupload.start();
  const folder = await mkdtemp(join(tmpdir(), "reupload-samples-"));
  try {
    await symlink(modules, join(folder, "node_modules"));
    const run = new SampleRun(server, await readDocument(), { language, python, folder });
    await story(run);
    return run.played;
  } finally {
    await server.stop();
    await rm(folder, { recursive: true });
  }
}

class SampleRun extends Run {
  played = [];
  #server;
  #operations;
  #options;

  constructor(server, document, options) {
    super(server, document);
    this.#server = server;
    this.#operations = operationsOf(document);
    this.#options = options;
  }

  /** By the sample; where the language has none, as the examples are made. */
  async call(operationId, request = {}) {
    const operation = this.#operations.get(operationId);
    const sent = sentOf(operation, { path: {}, query: {}, headers: {}, ...request });
    for (const { name, data } of [request.bytes ?? [], request.form?.files ?? []].flat()) await writeFile(join(this.#options.folder, name), data);
    const [program, code] = this.#program(operationId, operation, sent);
    if (!code) return super.call(operationId, request);
    this.played.push(operationId);
    const { folder } = this.#options;
    const variables = { REUPLOAD_API_KEY: this.#server.key, REUPLOAD_PROJECT_ID: this.#server.project, REUPLOAD_API_BASE_URL: this.#server.base };
    const output = await promisify(execFile)(program, code, { cwd: folder, env: { ...process.env, ...variables } }).catch((error) => {
      throw new Error(`${operationId} by ${program}:\n${code.at(-1)}\n${error.stderr}`);
    });
    return read(output.stdout);
  }

  shorten() {}

  #program(operationId, operation, sent) {
    const { language, python } = this.#options;
    // -f: what is refused fails.
    if (language === "curl") return ["bash", ["-c", curl(sent, this.#server.apiOrigin, operation.key).replace("curl", "curl -sSf")]];
    if (language === "python") {
      const sample = pythonSample(operationId, sent);
      return [python, sample && ["-c", `${sample}${printed(sample, /^(\w+) = client\./m, (name, value) => `\nimport json; print(json.dumps({"${name}": ${value}}))`)}`]];
    }
    const sample = typescriptSample(operationId, sent);
    const result = sample && printed(sample, /^const (.+) = await reupload\./m, (name, value) => `\nconsole.log(JSON.stringify({ ${name}: ${value} }));`);
    return ["node", sample && ["--input-type=module", "-e", sample + result]];
  }
}

/** What prints the result of a sample, if it has one: `{session, file}` is printed as it is, any other by its name. */
function printed(sample, pattern, print) {
  const name = pattern.exec(sample)?.[1];
  if (!name) return "";
  return name.startsWith("{") ? print("answer", name) : print(name, name);
}

/** The body that the API answered, from what was printed; the text, if it is not JSON. */
function read(output) {
  let printed;
  try {
    printed = JSON.parse(output);
  } catch {
    return output;
  }
  const [name, ...more] = Object.keys(printed);
  return more.length === 0 && NAMES.includes(name) ? printed[name] : printed;
}
