import { fileURLToPath } from "node:url";
import { build } from "vite";

const SOURCE = fileURLToPath(new URL("../../src/index.ts", import.meta.url));

/** One classic script, as Vite builds it for a browser. In `code`, `@reupload/client` is this package. */
export async function bundle(code: string, define: Record<string, string> = {}): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: "error",
    define,
    resolve: { alias: { "@reupload/client": SOURCE } },
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id === "virtual:entry" ? id : null),
        load: (id) => (id === "virtual:entry" ? code : null),
      },
    ],
    build: { write: false, rolldownOptions: { input: "virtual:entry", output: { format: "iife" } } },
  });
  const [output] = [built].flat();
  if (!output || !("output" in output)) throw new Error("Vite has built nothing");
  return output.output[0].code;
}
