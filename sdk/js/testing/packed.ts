/**
 * A package as its users get it: built, packed, installed in an empty folder beside TypeScript, type-checked as both
 * kinds of project see it, and its README's first example run against the real server.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const TOOLS = ["typescript", "@types/node"];

export type PackageName = "sdk" | "client" | "react";

export interface Packed {
  folder: string;
  /**
   * Type-checks the files; throws with what `tsc` has said. With `declarations` those of all imported packages are checked
   * too, which not all frameworks' own pass.
   */
  check(files: Readonly<Record<string, string>>, declarations: boolean): void;
  /** Runs a TypeScript file under Node and gives what it has printed. */
  run(source: string, env: Readonly<Record<string, string>>): string;
  remove(): void;
}

/** `beside`: packages of the workspace that it needs; `more`: others, whose versions are those of the workspace. */
export function pack(name: PackageName, beside: readonly PackageName[] = [], more: readonly string[] = []): Packed {
  const folder = mkdtempSync(path.join(tmpdir(), `reupload-${name}-`));
  const tarballs = [...beside, name].map((one) => tarball(one, folder));
  const { devDependencies } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"));
  const others = [...TOOLS, ...more].map((tool) => `${tool}@${devDependencies[tool]}`);
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", ...tarballs, ...others], folder);

  const tsc = (config: object, ...files: string[]): void => {
    const base = {
      target: "ES2022",
      lib: ["ES2023", "DOM", "DOM.Iterable"],
      types: ["node"],
      strict: true,
      jsx: "react-jsx",
    };
    const compilerOptions = { ...base, exactOptionalPropertyTypes: true, skipLibCheck: true, ...config };
    writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
    run(path.join(folder, "node_modules/.bin/tsc"), ["-p", "."], folder);
  };
  return {
    folder,
    check(files, declarations) {
      for (const [file, source] of Object.entries(files)) writeFileSync(path.join(folder, file), source);
      for (const [module, moduleResolution] of [
        ["ESNext", "Bundler"],
        ["NodeNext", "NodeNext"],
      ]) {
        tsc({ module, moduleResolution, noEmit: true, skipLibCheck: !declarations }, ...Object.keys(files));
      }
    },
    run(source, env) {
      writeFileSync(path.join(folder, "example.ts"), source);
      tsc({ module: "NodeNext", outDir: "run" }, "example.ts");
      return run("node", ["run/example.js"], folder, { ...process.env, ...env });
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The examples of a package's README, in order. */
export function examples(name: PackageName): string[] {
  const readme = readFileSync(path.join(ROOT, "packages", name, "README.md"), "utf8");
  return [...readme.matchAll(/^```(?:tsx?|js|javascript|typescript)\n(.*?)^```/gms)].map((found) => found[1] ?? "");
}

function tarball(name: PackageName, folder: string): string {
  const home = path.join(ROOT, "packages", name);
  const to = path.join(folder, "tarballs");
  mkdirSync(to, { recursive: true });
  run("npm", ["run", "build"], home);
  const [made] = JSON.parse(run("npm", ["pack", "--json", "--pack-destination", to], home));
  return path.join(to, made.filename);
}

function run(program: string, words: readonly string[], cwd: string, env = process.env): string {
  try {
    return execFileSync(program, words, { cwd, env, encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${program} ${words.join(" ")} failed:\n${stdout}${stderr}`, { cause: error });
  }
}
