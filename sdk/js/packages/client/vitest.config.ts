import { fileURLToPath } from "node:url";
import { defineProject } from "vitest/config";

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineProject({
  // Examples import the package by its name. The longer name first: an alias also matches what begins with it.
  resolve: { alias: { "@reupload/client/react": source("src/react.ts"), "@reupload/client": source("src/index.ts") } },
  test: {
    name: "client",
    environment: "jsdom",
    include: ["tests/**/*.test.{ts,tsx}"],
    globalSetup: ["../../testing/server.ts"],
    testTimeout: 30_000,
  },
});
