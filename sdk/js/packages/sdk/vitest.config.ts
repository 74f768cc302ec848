import { defineProject } from "vitest/config";

export default defineProject({
  test: {
    name: "sdk",
    environment: "node",
    include: ["tests/**/*.test.{ts,tsx}"],
    globalSetup: ["../../testing/server.ts"],
    testTimeout: 30_000,
  },
});
