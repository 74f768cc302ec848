// Puts a .br and a .gz beside every file that gets smaller by it: the server sends them as they are.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

const TEXTS = /\.(css|html|js|json|md|svg|txt)$/;

export function compress(folder) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !TEXTS.test(entry.name)) continue;
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
