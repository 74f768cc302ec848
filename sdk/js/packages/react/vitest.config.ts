import { fileURLToPath } from "node:url";
import { defineProject } from "vitest/config";

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineProject({
  // The longer name first: an alias also matches what begins with it.
  resolve: {
    alias: {
      "@reupload/react/styles.css": source("src/styles/index.css"),
      "@reupload/react": source("src/index.ts"),
      "@reupload/client/react": source("../client/src/react.ts"),
      "@reupload/client": source("../client/src/index.ts"),
    },
  },
  test: {
    name: "react",
    environment: "jsdom",
    include: ["tests/**/*.test.{ts,tsx}"],
    setupFiles: ["tests/support/setup.ts"],
    globalSetup: ["../../testing/server.ts"],
    testTimeout: 30_000,
  },
});
