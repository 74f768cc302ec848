// The runner of the documentation's blocks sees what is wrong: each page here has one fault, and one has none.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { blocksOf, difference } from "../blocks.mjs";
import { play } from "../play.mjs";
import { parse } from "../syntax.mjs";

const root = resolve(import.meta.dirname, "../..");
const page = (...parts) => `# A page\n\n${parts.join("\n\n")}\n`;
const block = (language, ...lines) => ["```" + language, ...lines, "```"].join("\n");

test("what a block is for", () => {
  const text = page(
    "`config/a.py`:",
    block("python", "a = 1"),
    "`config/a.py`, at the end:",
    block("python", "a = 2"),
    "<!-- not run: why -->\n" + block("sh", "rm -r /"),
    "<!-- background: ready -->\n" + block("sh", "serve"),
    block("ts", "1;"),
    "`/etc/reupload.toml`:",
    block("toml", "a = 1"),
  );
  const kinds = blocksOf(text).map(({ kind, path, append, until, line }) => ({ kind, path, append, until, line }));
  assert.deepEqual(kinds, [
    { kind: "file", path: "config/a.py", append: false, until: undefined, line: 5 },
    { kind: "file", path: "config/a.py", append: true, until: undefined, line: 11 },
    { kind: "skipped", path: undefined, append: undefined, until: undefined, line: 16 },
    { kind: "shell", path: undefined, append: undefined, until: "ready", line: 21 },
    { kind: "program", path: undefined, append: undefined, until: undefined, line: 25 },
    { kind: "data", path: undefined, append: undefined, until: undefined, line: 31 },
  ]);
  const [example] = blocksOf(page("<!-- files of examples/django -->", "`manage.py`:", block("python", "x")));
  assert.deepEqual([example.kind, example.path, example.source], ["file", "manage.py", "examples/django/manage.py"]);
});

test("a block that nothing is known of, has no end, lies elsewhere, or is skipped without a reason", () => {
  assert.throws(() => blocksOf(page(block("cobol", "x"))), /line 3: nothing is known.*"cobol"/);
  assert.throws(() => blocksOf(page(block("", "x"))), /line 3: nothing is known/);
  assert.throws(() => blocksOf("```sh\nls\n"), /line 1: the block has no end/);
  assert.throws(() => blocksOf("<!-- check\nls\n"), /line 1: the check has no end/);
  assert.throws(() => blocksOf(page("`../a.py`:", block("python", "x"))), /not below the page's folder/);
  assert.equal(blocksOf(page("<!-- not run: -->\n" + block("sh", "ls")))[0].kind, "shell");
});

test("data that does not parse", () => {
  for (const [language, good, bad] of [
    ["json", '{"a": 1}', "{a: 1}"],
    ["toml", "a = 1", "a = "],
    ["yaml", "a: [1]", "a: [1"],
    ["ini", "[a]\nb=1", "b=1"],
    ["env", "A_B=1", "a b"],
    ["nginx", "server { listen 80; }", "server { listen 80;"],
    ["caddyfile", "example.com {\n}", "example.com {\n}}"],
    ["html", "<p>a</p>", "a"],
    ["css", "a { color: red }", "a { color: red "],
    ["diff", "-a\n+b", " a"],
  ]) {
    parse(language, good, "python3");
    assert.throws(() => parse(language, bad, "python3"), language);
  }
});

test("answers that are not as shown", () => {
  assert.equal(difference({ a: "x…z", b: [1] }, { a: "xyz", b: [1, 2], c: 3 }), undefined);
  assert.match(difference({ a: { b: 1 } }, { a: { b: 2 } }), /answer.a.b: 2 is not 1/);
  assert.match(difference({ a: null }, {}), /answer.a is not there/);
  assert.match(difference({ a: "x…z" }, { a: "xy" }), /"xy" is not x…z/);
  assert.match(difference({ a: [1, 2] }, { a: [1] }), /answer.a.1 is not there/);
  assert.match(difference({ a: [] }, { a: {} }), /something else/);
});

test("pages that run", { concurrency: 2 }, async (all) => {
  const venv = execFileSync(join(root, "scripts/sdk-python-venv"), { encoding: "utf8" }).trim();
  const plays = (name, expected, ...parts) =>
    all.test(name, async () => {
      const played = play(blocksOf(page(...parts)), venv);
      if (expected) await assert.rejects(played, expected);
      else await played;
    });
  const whoami = 'curl -sS -H "Authorization: Bearer $REUPLOAD_API_KEY" http://127.0.0.1:4000/api/v1/public/whoami';
  await Promise.all([
    plays(
      "in order, against the server, with each kind",
      undefined,
      block("sh", "echo one two three", "echo four"),
      block("text", "one … three", "four"),
      "`lib/greet.py`:",
      block("python", "word = 'hello'"),
      "`lib/greet.py`, at the end:",
      block("python", "print(word)"),
      block("sh", '[ "$(python lib/greet.py)" = hello ]', whoami),
      block("json", '{"name": "dev", "projects": [{"id": "…"}]}'),
      block("python", "import reupload"),
      block("python", "print(reupload.create_reupload_from_env().whoami()['allProjects'])"),
      block("ts", 'import { createReuploadFromEnv } from "@reupload/sdk";'),
      block("ts", "const who: string = (await createReuploadFromEnv().whoami()).name;", "console.log(who);"),
      block("tsx", "export const Name = ({ name }: { name: string }) => <b>{name}</b>;"),
      "<!-- background: Serving HTTP -->\n" + block("sh", "python3 -m http.server 8000 --bind 127.0.0.1"),
      block("sh", "curl -fsS http://127.0.0.1:8000/lib/greet.py | grep hello", ". reupload-data/dev.env", "reupload --version"),
    ),
    plays("a command that fails", /line 3 ended with status 1/, block("sh", "false", "true")),
    plays("a check that fails", /line 3 ended with status 1/, "<!-- check\ntrue\n\nfalse\n-->"),
    plays("a variable that is not there", /line 3: line 4: nothing: unbound/, block("sh", "echo $nothing")),
    plays("an answer that is another", /line 7: answer.name: .* is not "x"/, block("sh", whoami), block("json", '{"name": "x"}')),
    plays("a refusal that is not shown", /line 3: it printed "error":"NOT_FOUND"/, block("sh", "curl -sS http://127.0.0.1:4000/none")),
    plays("words that nobody printed", /line 7: it is not in what was printed/, block("sh", "echo one"), block("text", "two")),
    plays("no answer", /printed no JSON/, block("sh", "true"), block("json", "{}")),
    plays("a wrong type", /page\.mts.*number/s, block("ts", 'const a: number = "1";', "console.log(a);")),
    plays("a component of another kind", /line-3\.tsx/, block("tsx", "export const A = () => <b>{missing}</b>;")),
    plays("a wrong type in the browser", /browser\.mts/, "<!-- in the browser -->\n" + block("ts", "const a: string = document.title;"), "<!-- in the browser -->\n" + block("ts", "export const b: number = a;")),
    plays("a program that throws", /page\.py.*line 8.*nothing/s, block("python", "a = 1"), block("python", "nothing()")),
    plays("a program of Node that throws", /page\.mts:4/, block("ts", 'throw new Error("x");')),
    plays("a file that is no Python", /a\.py/, "`a.py`:", block("python", "def")),
    plays("a server that does not come up", /has not printed: ready|status/, "<!-- background: ready -->\n" + block("sh", "exit 3")),
  ]);
});
