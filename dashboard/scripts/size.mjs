// The first view must stay under 200 kB gzip: everything that a browser loads for the overview of a signed-in user.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const LIMIT = 200_000;
const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));

const files = new Set(["index.html", "theme.js", "icon.svg"]);
const add = (key) => {
  const chunk = manifest[key];
  if (!chunk) throw new Error(`the manifest has no ${key}: is dist/ built?`);
  if (files.has(chunk.file)) return;
  files.add(chunk.file);
  for (const css of chunk.css ?? []) files.add(css);
  for (const each of chunk.imports ?? []) add(each);
};
for (const key of [
  "index.html",
  "src/shell/SignedIn.tsx",
  "src/shell/Shell.tsx",
  "src/uploads/UploadFrame.tsx",
  "src/pages/home/index.tsx",
  "src/pages/overview/index.tsx",
]) {
  add(key);
}

const total = [...files].reduce(
  (sum, file) => sum + gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length,
  0,
);
console.log(`first view: ${files.size} files, ${(total / 1000).toFixed(1)} kB gzip of ${LIMIT / 1000} kB`);
if (total > LIMIT) process.exit(1);
