import { join } from "node:path";
import { build } from "esbuild";
import { site } from "../machine/paths.mjs";

/** Imports a TypeScript module of browser/ as it would be bundled. */
export async function load(path) {
  const { outputFiles } = await build({
    entryPoints: [join(site, path)],
    bundle: true,
    format: "esm",
    write: false,
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString("base64")}`);
}
