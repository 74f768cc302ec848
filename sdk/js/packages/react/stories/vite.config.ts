import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  base: "./",
  plugins: [react()],
  resolve: { alias: { "@reupload/client": source("../../client/src/index.ts") } },
  build: { outDir: source("../node_modules/.stories"), emptyOutDir: true },
});
