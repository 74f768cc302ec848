// Puts a .br and a .gz beside every text below a folder that gets smaller by it: the server sends them as they are.
//
//   node scripts/compress.mjs FOLDER

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

const TEXTS = /\.(css|html|js|json|md|svg|txt)$/;

export function compress(folder) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    // Folders with a dot in front are the build's own.
    if (!entry.isFile() || !TEXTS.test(entry.name) || /[/\\]\.\w/.test(entry.parentPath.slice(folder.length))) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = readFileSync(path);
    for (const [ending, compressed] of [
      [".br", brotliCompressSync(bytes)],
      [".gz", gzipSync(bytes, { level: 9 })],
    ]) {
      if (compressed.length < bytes.length) writeFileSync(path + ending, compressed);
    }
  }
}

if (process.argv[1] === import.meta.filename) compress(process.argv[2]);
