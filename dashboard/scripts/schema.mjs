// Writes src/api/schema.ts from api/dashboard.json: `npm run schema`. A test compares the two.
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const DOCUMENT = new URL("../../api/dashboard.json", import.meta.url);

/** The text of src/api/schema.ts. */
export async function schema() {
  const types = await openapiTS(JSON.parse(await readFile(DOCUMENT, "utf8")));
  return `// Made by \`npm run schema\` from api/dashboard.json.\n\n${astToString(types)}`;
}

if (process.argv[1]?.endsWith("schema.mjs")) {
  await writeFile(new URL("../src/api/schema.ts", import.meta.url), await schema());
}
