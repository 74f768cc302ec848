// What the tests of a file stand on: one real server, and the built pages in a browser on it.
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import { type Harness, start } from "../browser/harness";
import { type Reupload, startReupload } from "./reupload";

export type Served = { server: Reupload; app: Harness };

/** Both are there when the first test begins, and what pages complain of fails the test. */
export function served(command: "dev" | "serve" = "dev"): Served {
  const here = {} as Served;
  beforeAll(async () => {
    here.server = await startReupload(command);
    here.app = await start(here.server.url, here.server.cdn);
  }, 180_000);
  afterAll(async () => {
    await here.app?.stop();
    await here.server?.stop();
  });
  afterEach(() => here.app.done());
  return here;
}

export const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
export const heading = (page: Page, name: string) =>
  page.getByRole("heading", { level: 1, name, exact: true }).waitFor();
