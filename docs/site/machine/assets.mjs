// Scripts, styles, pictures and the search index, under names that change with their bytes: they are kept for ever.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, extname, join, relative } from "node:path";
import { build } from "esbuild";
import { base, root, site } from "./paths.mjs";

/** Writes into `out/assets`. */
export class Assets {
  #out;
  #written = new Map();

  constructor(out) {
    this.#out = out;
    mkdirSync(join(out, "assets"), { recursive: true });
  }

  /** Writes one file under its name with a hash, and gives its address. */
  write(name, bytes) {
    const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8);
    const ending = extname(name);
    const named = `${basename(name, ending)}-${hash}${ending}`;
    writeFileSync(join(this.#out, "assets", named), bytes);
    return `${base}/assets/${named}`;
  }

  /** Takes in a picture of the repository and gives the attributes of its `<img>`. The size of a PNG is in its header. */
  picture(file) {
    if (!this.#written.has(file)) {
      const bytes = readFileSync(join(root, file));
      const png = bytes.toString("latin1", 1, 4) === "PNG";
      const size = png ? { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) } : {};
      this.#written.set(file, { src: this.write(basename(file), bytes), ...size });
    }
    return this.#written.get(file);
  }

  /** Bundles scripts and styles, and gives a function from their path below docs/site to their address. */
  async bundle(entries) {
    const { metafile } = await build({
      absWorkingDir: site,
      entryPoints: entries,
      outdir: join(this.#out, "assets"),
      entryNames: "[name]-[hash]",
      chunkNames: "[name]-[hash]",
      assetNames: "[name]-[hash]",
      bundle: true,
      splitting: true,
      minify: true,
      metafile: true,
      format: "esm",
      // As the dashboard: the first browsers that know light-dark().
      target: ["chrome123", "firefox125", "safari17.5"],
      logLevel: "warning",
    });
    const outputs = Object.entries(metafile.outputs);
    return (entry) => {
      const [file] = outputs.find(([, output]) => output.entryPoint === entry);
      return `${base}/assets/${relative(join(this.#out, "assets"), join(site, file))}`;
    };
  }
}
