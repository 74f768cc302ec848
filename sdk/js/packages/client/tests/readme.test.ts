// @vitest-environment node
/** The README shows the examples as they are, and `browser.test.ts` and `react.test.tsx` run them. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const here = (path: string) => new URL(`../${path}`, import.meta.url);

test.each(readdirSync(here("examples")))("README has examples/%s", (name) => {
  const readme = readFileSync(here("README.md"), "utf8");
  expect(readme).toContain(`\n${readFileSync(here(`examples/${name}`), "utf8")}\`\`\`\n`);
});
