import assert from "node:assert/strict";
import { test } from "node:test";
import { parse, render } from "../machine/markdown.mjs";

/** Gives the HTML of a page and what was complained of. */
function show(text) {
  const problems = [];
  const complain = (problem) => problems.push(problem);
  const page = parse(`# Title\n\n${text}`, complain);
  const html = render(page.tokens, { link: (href) => ({ href }), image: (src) => ({ src }), complain });
  return { ...page, html, problems };
}

test("title and description come from the heading and the first paragraph", () => {
  const { title, description } = show("What the *reader* gets,\nin a `line`.\n\nMore.");
  assert.equal(title, "Title");
  assert.equal(description, "What the reader gets, in a line.");
});

test("a page begins with its one heading", () => {
  const problems = [];
  parse("Words first.\n\n# One\n\n# Two\n", (problem) => problems.push(problem));
  assert.deepEqual(problems, ["does not begin with a # heading", "has more than one # heading"]);
});

test("a line with nothing but a file's name is the caption of the block after it, comments between them or not", () => {
  for (const between of ["", "<!-- not run: it needs a shop -->\n", "<!-- check\na\n\nb\n-->\n"]) {
    const { html } = show(`Intro.\n\n\`app/page.tsx\`:\n\n${between}\`\`\`tsx\nlet a = 1;\n\`\`\`\n`);
    assert.match(html, /<figure class="code"><figcaption>app\/page\.tsx<\/figcaption>/);
    assert.doesNotMatch(html, /<p>.*app\/page/);
    assert.doesNotMatch(html, /not run/);
  }
});

test("what goes to the end of a file is called so", () => {
  const { html } = show("Intro.\n\n`settings.py`, at the end:\n\n```python\nA = 1\n```\n");
  assert.match(html, /<figcaption>settings\.py, at the end<\/figcaption>/);
});

test("a name in front of anything else stays where it is", () => {
  assert.match(show("Intro.\n\n`app/page.tsx`:\n\nWords.").html, /<p><code>app\/page.tsx<\/code>:<\/p>/);
});

test("code has colors by classes, and never a style", () => {
  const { html } = show('```ts\nconst a = "<b>";\n```\n\n```python\ndef f(): pass\n```\n');
  assert.match(html, /<span class="hljs-keyword">const<\/span>/);
  assert.match(html, /&quot;&lt;b&gt;&quot;/);
  assert.doesNotMatch(html, /style/);
});

test("a block that is indented looks as one that is fenced", () => {
  assert.equal(show("    npm ci\n").html, show("```\nnpm ci\n```\n").html);
});

test("a misspelled language and HTML of one's own are refused", () => {
  assert.deepEqual(show("```pyhton\nx\n```").problems, ['the language "pyhton" of a code block is not known']);
  assert.match(show("Words <b>bold</b>.").problems[0], /HTML/);
  assert.match(show("<div>\n\nWords\n\n</div>").problems[0], /HTML/);
});

test("headings have the names that a code host gives them", () => {
  const { headings, html } = show("## Files & access\n\n## `a.b`, c_d!\n\n## Twice\n\n## Twice\n");
  assert.deepEqual(
    headings.map(({ id }) => id),
    ["files--access", "ab-c_d", "twice", "twice-1"],
  );
  assert.match(html, /<h2 id="twice-1">Twice<a class="anchor" href="#twice-1"/);
});

test("a sequence diagram is drawn without styles of its own, and told in words", () => {
  const diagram =
    "sequenceDiagram\n  participant B as Browser\n  participant R as Reupload\n  B->>R: PUT <bytes>\n  R--)B: done\n";
  const { html, problems } = show(`\`\`\`mermaid\n${diagram}\`\`\`\n\n\`\`\`mermaid\n${diagram}\`\`\`\n`);
  assert.deepEqual(problems, []);
  assert.match(html, /<svg [^>]*role="img"/);
  assert.doesNotMatch(html, /<style| style=|https:|@import|data-/);
  assert.match(html, /<li>Browser to Reupload: PUT &lt;bytes&gt;<\/li><li>Reupload to Browser: done<\/li>/);
  const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  assert.equal(new Set(ids).size, ids.length, "ids of two diagrams in a page differ");
});

test("a diagram is as wide as its longest words", () => {
  const words = "a word that stands out of the picture at its right and would be cut";
  const { html } = show(`\`\`\`mermaid\nsequenceDiagram\n  A->>A: ${words}\n\`\`\`\n`);
  const [, left, width] = /viewBox="(-?[\d.]+) 0 ([\d.]+)/.exec(html);
  const [, x] = new RegExp(`<text x="([\\d.]+)"[^>]*>${words}`).exec(html);
  assert.ok(Number(left) + Number(width) > Number(x) + words.length * 6, `${left} ${width} ${x}`);
});

test("a code can be linked to in its table, the first time it is there", () => {
  const { html } = show("| code | when |\n|---|---|\n| `NOT_FOUND` | gone |\n| `a` | b |\n| `NOT_FOUND` | again |\n");
  assert.equal(html.match(/<tr id="NOT_FOUND">/g)?.length, 1);
  assert.equal(html.match(/<tr>/g)?.length, 3);
});

test("another kind of diagram is refused", () => {
  assert.deepEqual(show("```mermaid\ngraph TD\n a-->b\n```").problems, ["only sequenceDiagram is drawn"]);
});
