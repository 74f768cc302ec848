import assert from "node:assert/strict";
import { test } from "node:test";
import { html, raw } from "../machine/html.mjs";
import { parse } from "../machine/markdown.mjs";
import { placePages } from "../machine/nav.mjs";
import { sectionsOf } from "../machine/search.mjs";
import { wordOf } from "../shared/words.js";

test("what is put into HTML is escaped, unless it is HTML, and nothing is nothing", () => {
  const text = '<b> & "q"';
  assert.equal(
    String(
      html`<p title="${text}">${[text, raw("<i>x</i>")]}${html`<u>${text}</u>`}${null}${undefined}${false}${0}</p>`,
    ),
    '<p title="&lt;b&gt; &amp; &quot;q&quot;">&lt;b&gt; &amp; &quot;q&quot;<i>x</i><u>&lt;b&gt; &amp; &quot;q&quot;</u>0</p>',
  );
});

/** Places pages of these sources by a menu, and gives `{areas, pages, problems}`. */
function place(sources, groups) {
  const problems = [];
  const pages = new Map(sources.map((source) => [source, { source, title: source, address: `/docs/${source}` }]));
  const areas = placePages(
    {
      areas: [
        { title: "A", groups },
        { title: "API", api: true },
      ],
    },
    pages,
    [],
    (_, problem) => problems.push(problem),
  );
  return { areas, pages, problems };
}

test("a page that the menu has twice, has not, or that is not there, is a problem", () => {
  const { problems } = place(["a.md", "b.md"], [{ title: "G", pages: ["a.md", "a.md", "c.md"] }]);
  assert.deepEqual(problems, ["has a.md twice", "there is no c.md", "does not have b.md"]);
});

test("labels, folders, and what comes before and after", () => {
  const groups = [
    { title: "G", pages: [["Short", "a.md"]] },
    { title: "H", pages: ["f/README.md", "f/*"] },
  ];
  const { areas, pages, problems } = place(["a.md", "f/README.md", "f/1.md", "f/2.md"], groups);
  assert.deepEqual(problems, []);
  assert.equal(areas[0].address, "/docs/a.md");
  assert.equal(pages.get("a.md").label, "Short");
  assert.deepEqual(
    areas[0].groups[1].pages.map(({ source }) => source),
    ["f/README.md", "f/1.md", "f/2.md"],
  );
  assert.equal(pages.get("a.md").next, pages.get("f/README.md"));
  assert.equal(pages.get("f/2.md").previous, pages.get("f/1.md"));
  assert.equal(pages.get("f/2.md").next, undefined);
});

test("a word is looked up in lower case and in the singular", () => {
  const words = ["Addresses", "webhooks", "access", "Keys", "caches", "S3", "is", "HTTPS"];
  assert.deepEqual(words.map(wordOf), ["address", "webhook", "access", "key", "cach", "s3", "is", "https"]);
});

test("a table of codes has a section for each code, and what is behind it belongs to the heading again", () => {
  const text =
    "# T\n\n## One\n\nText.\n\n| code | status |\n|---|---|\n| `A_B` | 400 |\n| `C` `D` | 500 |\n\nMore.\n\n| x |\n|---|\n| `E_F` |\n";
  assert.deepEqual(
    sectionsOf({ ...parse(text, assert.fail), address: "/docs/t" }).map(({ address, text }) => [address, text]),
    [
      ["/docs/t", ""],
      ["/docs/t#one", "Text. code status C D 500 More. x E_F"],
      ["/docs/t#A_B", "A_B 400"],
    ],
  );
});

test("the search has a section for the beginning and for each heading, with its text and tables, without code", () => {
  const page = {
    ...parse(
      "# T\n\nLead.\n\n## One\n\nText `a`.\n\n| x |\n|---|\n| cell |\n\n```sh\nsecret\n```\n\n### Two\n",
      assert.fail,
    ),
    address: "/docs/t",
    area: "A",
  };
  assert.deepEqual(
    sectionsOf(page).map(({ address, heading, text }) => [address, heading, text]),
    [
      ["/docs/t", "", "Lead."],
      ["/docs/t#one", "One", "Text a. x cell"],
      ["/docs/t#two", "Two", ""],
    ],
  );
});
