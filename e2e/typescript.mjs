// TypeScript of the documentation: compiled for Node, and its types checked against the packages as they are built.

import { createRequire } from "node:module";
import { resolve } from "node:path";

const ts = createRequire(resolve(import.meta.dirname, "../sdk/js/package.json"))("typescript");

const options = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  jsx: ts.JsxEmit.ReactJSX,
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  // A page imports a stylesheet.
  noUncheckedSideEffectImports: false,
};

/** Files of packages, and of the language, are read once for all pages. */
const host = ts.createCompilerHost(options);
const read = host.getSourceFile;
const packages = new Map();
host.getSourceFile = (name, ...rest) => {
  if (!name.includes("/node_modules/") && !name.includes("/dist/")) return read(name, ...rest);
  if (!packages.has(name)) packages.set(name, read(name, ...rest));
  return packages.get(name);
};

/** The same program as JavaScript; its errors name the lines of the source. */
export function toJavaScript(code) {
  return ts.transpileModule(code, { fileName: "page.mts", compilerOptions: { ...options, noEmit: false, inlineSourceMap: true } }).outputText;
}

/** Throws what does not fit. Each file is a module of its own. */
export function checkTypes(files, typeRoot) {
  if (files.length === 0) return;
  const program = ts.createProgram(files, { ...options, typeRoots: [typeRoot], types: ["node"] }, host);
  const found = ts.getPreEmitDiagnostics(program);
  if (found.length === 0) return;
  throw new Error(ts.formatDiagnostics(found, { getCanonicalFileName: (name) => name, getCurrentDirectory: () => "/", getNewLine: () => "\n" }));
}
