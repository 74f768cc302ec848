import { defineProject } from "vitest/config";

export default defineProject({
  test: { name: "client", environment: "jsdom", include: ["tests/**/*.test.{ts,tsx}"] },
});
