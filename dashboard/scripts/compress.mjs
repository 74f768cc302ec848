// Puts a .br and a .gz beside every file of dist/ that gets smaller by it: the server sends them as they are.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

const dist = fileURLToPath(new URL("../dist", import.meta.url));
const TEXTS = /\.(css|html|js|json|svg|txt)$/;

for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  // .vite/ is the build's own.
  if (!entry.isFile() || !TEXTS.test(entry.name) || entry.parentPath.includes("/.vite")) continue;
  const path = join(entry.parentPath, entry.name);
  const bytes = readFileSync(path);
  for (const [ending, compressed] of [
    [".br", brotliCompressSync(bytes)],
    [".gz", gzipSync(bytes, { level: 9 })],
  ]) {
    if (compressed.length < bytes.length) writeFileSync(path + ending, compressed);
  }
}
