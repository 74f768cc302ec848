// Puts the files that src/styles/index.css imports together into dist/styles.css.
import { readFile, writeFile } from "node:fs/promises";

const folder = new URL("./src/styles/", import.meta.url);
const index = await readFile(new URL("index.css", folder), "utf8");
const names = [...index.matchAll(/@import "\.\/(.+)";/g)].map(([, name]) => name);
const parts = await Promise.all(names.map((name) => readFile(new URL(name, folder), "utf8")));
await writeFile(new URL("./dist/styles.css", import.meta.url), parts.join("\n"));
