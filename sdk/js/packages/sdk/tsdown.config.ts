import { defineConfig } from "tsdown";

const entry = ["index", "next", "express", "fastify", "h3"].map((name) => `src/${name}.ts`);

export default defineConfig({ entry, format: "esm", dts: true, fixedExtension: false });
