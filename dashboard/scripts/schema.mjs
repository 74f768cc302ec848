// Writes src/api/schema.ts from api/dashboard.json: `npm run schema`. A test compares the two.
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const read = async (name) => JSON.parse(await readFile(new URL(`../../api/${name}`, import.meta.url), "utf8"));

/** The text of src/api/schema.ts. */
export async function schema() {
  const document = await read("dashboard.json");
  // The document names the body of errors without describing it; it is that of the API for apps.
  document.components.schemas.ErrorBody ??= (await read("openapi.json")).components.schemas.ErrorBody;
  return `// Made by \`npm run schema\` from api/dashboard.json.\n\n${astToString(await openapiTS(document))}`;
}

if (process.argv[1]?.endsWith("schema.mjs")) {
  await writeFile(new URL("../src/api/schema.ts", import.meta.url), await schema());
}
