/// <reference types="vitest/config" />
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Where `npm run dev` finds the server: the API host of `reupload dev`, unless REUPLOAD_URL names another. */
const server = process.env.REUPLOAD_URL ?? "http://127.0.0.1:4000";

export default defineConfig({
  plugins: [react()],
  resolve: {
    dedupe: ["react", "react-dom"],
    alias: [
      { find: /^@\//, replacement: here("./src/") },
      { find: "@reupload/client/react", replacement: here("../sdk/js/packages/client/src/react.ts") },
      { find: "@reupload/client", replacement: here("../sdk/js/packages/client/src/index.ts") },
      { find: "@reupload/react", replacement: here("../sdk/js/packages/react/src/index.ts") },
    ],
  },
  server: { proxy: { "/api": { target: server } } },
  build: {
    // The first browsers that know light-dark(): for older ones it would be rewritten into twice the rules.
    target: ["chrome123", "firefox125", "safari17.5"],
    // A data: address would break the page's Content-Security-Policy for all but pictures.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "page",
          environment: "jsdom",
          setupFiles: ["tests/setup.ts"],
          include: ["tests/{api,files,lib,pages,ui,uploads}/**/*.test.{ts,tsx}"],
          css: { modules: { classNameStrategy: "non-scoped" } },
        },
      },
      {
        extends: true,
        test: {
          name: "node",
          environment: "node",
          include: ["tests/*.test.ts", "tests/browser/*.test.ts"],
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: { name: "server", environment: "node", include: ["tests/server/*.test.ts"], testTimeout: 120_000 },
      },
    ],
  },
});
