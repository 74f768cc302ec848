import { defineProject } from "vitest/config";

export default defineProject({
  test: {
    name: "client",
    environment: "jsdom",
    include: ["tests/**/*.test.{ts,tsx}"],
    globalSetup: ["../../testing/server.ts"],
    testTimeout: 30_000,
  },
});
