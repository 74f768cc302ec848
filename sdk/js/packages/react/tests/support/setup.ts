import { cleanup, configure } from "@testing-library/react";
import { afterEach, vi } from "vitest";

// Two cores, and a real server beside the tests.
configure({ asyncUtilTimeout: 8_000 });

/** The object URLs that are alive: jsdom has none of its own. */
export const objectUrls = new Set<string>();

let made = 0;
URL.createObjectURL = vi.fn(() => {
  const url = `blob:preview-${++made}`;
  objectUrls.add(url);
  return url;
});
URL.revokeObjectURL = vi.fn((url: string) => {
  objectUrls.delete(url);
});

afterEach(cleanup);
