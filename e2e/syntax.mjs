// Parsers for what pages show without running it: each throws what does not parse. TOML, INI and YAML are left to Python.

import { spawnSync } from "node:child_process";

/** Parses `code`; `python` is the interpreter for the languages whose parsers it has. */
export function parse(language, code, python) {
  parsers[language](code, python);
}

const parsers = {
  json: (code) => JSON.parse(code),
  toml: (code, python) => load(python, "import sys, tomllib; tomllib.loads(sys.stdin.read())", code),
  // systemd repeats keys and has no interpolation.
  ini: (code, python) => load(python, "import sys, configparser; configparser.RawConfigParser(strict=False).read_file(sys.stdin)", code),
  yaml: (code, python) => load(python, "import sys, yaml; yaml.safe_load(sys.stdin)", code),
  env: (code) => {
    for (const line of code.split("\n")) if (!/^([A-Z_][A-Z0-9_]*=.*|#.*|)$/.test(line)) throw new Error(`not NAME=value: ${line}`);
  },
  nginx: balanced,
  caddyfile: balanced,
  css: balanced,
  html: (code) => {
    if (!/<[a-z]/i.test(code)) throw new Error("no element in it");
  },
  diff: (code) => {
    if (!/^[+-]/m.test(code)) throw new Error("no line is added or taken away");
  },
};

function load(python, program, code) {
  const { status, stderr, error } = spawnSync(python, ["-c", program], { input: code, encoding: "utf8" });
  if (error) throw error;
  if (status !== 0) throw new Error(stderr.trim().split("\n").at(-1));
}

function balanced(code) {
  let depth = 0;
  for (const sign of code.replace(/#.*$|"(?:[^"\\]|\\.)*"/gm, "")) {
    if (sign === "{") depth++;
    if (sign === "}" && --depth < 0) break;
  }
  if (depth !== 0) throw new Error("the braces do not match");
}
