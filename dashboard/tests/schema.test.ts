import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
// @ts-expect-error: a script without types
import { schema } from "../scripts/schema.mjs";

it("has the types of the server's own document", async () => {
  const written = await readFile(new URL("../src/api/schema.ts", import.meta.url), "utf8");
  expect(written, "api/dashboard.json has changed: run `npm run schema`").toBe(await schema());
});
