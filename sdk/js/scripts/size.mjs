/**
 * Tells how much an app pays for what it imports: bundled from source, without what it does not use, minified, gzipped.
 * Ends with 1 if anything is above its budget. To add something: a line in ENTRIES.
 */
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";

const CLIENT = new URL("../packages/client/src/index.ts", import.meta.url);
const REACT = new URL("../packages/react/src/index.ts", import.meta.url);
const CLIENT_REACT = new URL("../packages/client/src/react.ts", import.meta.url);

/** `budget` in bytes of gzip: what it was when it was written, and 10 %. React is the app's own and does not count. */
const ENTRIES = [
  { name: "client: ReuploadClient", from: CLIENT, names: ["ReuploadClient"], budget: 4_000 },
  { name: "client: with the store", from: CLIENT, names: ["ReuploadClient", "createUploadStore"], budget: 6_500 },
  { name: "client: everything", from: CLIENT, names: ["*"], budget: 6_700 },
  { name: "client/react: useReuploadUpload", from: CLIENT_REACT, names: ["useReuploadUpload"], budget: 7_100 },
  { name: "react: useUploader", from: REACT, names: ["useUploader"], budget: 9_300 },
  { name: "react: FileUploader", from: REACT, names: ["FileUploader"], budget: 12_500 },
  { name: "react: everything", from: REACT, names: ["*"], budget: 14_000 },
];

const ENTRY = "virtual:entry";

async function gzipBytes({ from, names }) {
  const what = names[0] === "*" ? "*" : `{ ${names.join(", ")} }`;
  const source = `export ${what} from ${JSON.stringify(fileURLToPath(from))};`;
  const [output] = [
    await build({
      configFile: false,
      logLevel: "error",
      // As in vitest.config.ts: the longer name first.
      resolve: {
        alias: { "@reupload/client/react": fileURLToPath(CLIENT_REACT), "@reupload/client": fileURLToPath(CLIENT) },
      },
      plugins: [
        { name: "entry", resolveId: (id) => (id === ENTRY ? id : null), load: (id) => (id === ENTRY ? source : null) },
      ],
      build: {
        write: false,
        rolldownOptions: {
          input: ENTRY,
          external: /^react(-dom)?(\/|$)/,
          preserveEntrySignatures: "strict",
        },
      },
    }),
  ].flat();
  const code = output.output.filter(({ type }) => type === "chunk").map((chunk) => chunk.code);
  if (process.env.SIZE_SHOW) console.log(code.join("\n"));
  return gzipSync(code.join("\n"), { level: 9 }).length;
}

let over = 0;
for (const entry of ENTRIES) {
  const bytes = await gzipBytes(entry);
  const verdict = bytes > entry.budget ? "  ABOVE ITS BUDGET" : "";
  if (verdict) over++;
  console.log(`${entry.name.padEnd(34)} ${String(bytes).padStart(6)} of ${entry.budget} bytes${verdict}`);
}
process.exitCode = over > 0 ? 1 : 0;
