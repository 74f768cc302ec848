import { readFile } from "node:fs/promises";
import openapiTS, { astToString, COMMENT_HEADER } from "openapi-typescript";
import { expect, it } from "vitest";

it("openapi.ts is what `npm run openapi` makes of api/openapi.json", async () => {
  const made =
    COMMENT_HEADER + astToString(await openapiTS(new URL("../../../../../api/openapi.json", import.meta.url)));
  const kept = await readFile(new URL("../src/openapi.ts", import.meta.url), "utf8");
  expect(made).toBe(kept);
});
