import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { examples, type Packed, pack } from "../../../testing/packed.js";
import { environment } from "../../../testing/server.js";
import { server } from "./kit.js";

describe("the packed package", () => {
  let packed: Packed;
  beforeAll(() => {
    packed = pack("sdk", [], ["express", "@types/express", "fastify", "h3"]);
  }, 240_000);
  afterAll(() => packed.remove());

  it("runs the README's first example", { timeout: 240_000 }, () => {
    writeFileSync(path.join(packed.folder, "cat.txt"), "meow");
    const shown = packed.run(examples("sdk")[0] ?? "", environment(server));
    expect(shown).toMatch(/^cat\.txt http:\/\/127\.0\.0\.1:\d+\/v1\/files\/\S+\n$/);
  });

  it("is typed for bundlers and for Node, with declarations that stand alone", { timeout: 240_000 }, () => {
    const imports = ["", "/next", "/express", "/fastify", "/h3"].map(
      (entry) => `export * from "@reupload/sdk${entry}";`,
    );
    packed.check({ "all.ts": imports.join("\n"), "example.ts": examples("sdk")[0] ?? "" }, true);
  });

  it("fits the frameworks, and all examples are typed", { timeout: 240_000 }, () => {
    const files = Object.fromEntries(examples("sdk").map((source, n) => [`example${n}.ts`, source]));
    packed.check({ ...files, "uses.ts": USES }, false);
  });
});

const USES = `
import fastify, { type FastifyRequest } from "fastify";
import { H3, type H3Event } from "h3";
import { createFileRouter, Reupload, type UploadGrant, type WebhookEvent } from "@reupload/sdk";
import { fastifyDirectRoute, fastifyFileRouter, fastifyWebhook } from "@reupload/sdk/fastify";
import { h3FileRouter, h3Webhook } from "@reupload/sdk/h3";
import { nextFileRouter, pagesFileRouter } from "@reupload/sdk/next";

const client = new Reupload({ apiKey: "ru_x", defaultProjectId: undefined });
const grant: UploadGrant = { ownerRef: "ada" };
const app = fastify();
app.register(fastifyFileRouter({ client, authorize: (request: FastifyRequest, asked) => (asked.size, request.ip, grant) }));
app.register(fastifyDirectRoute({ client, authorize: () => grant }), { prefix: "/upload" });
app.register(fastifyWebhook({ onEvent: (event) => void event.id }));
new H3().all("/**", h3FileRouter({ authorize: (event: H3Event) => (event.req.url, grant) })).post("/hook", h3Webhook({ onEvent: () => undefined }));
export const { GET, POST } = nextFileRouter({ authorize: async (request) => (request.headers, grant) });
export default pagesFileRouter({ authorize: () => grant });

// @ts-expect-error: nothing is not a yes.
createFileRouter({ authorize: () => undefined });
// @ts-expect-error: text is no body.
void client.uploads.uploadDirect({ file: { data: "text" } });

export function told(event: WebhookEvent): string {
  if (event.type === "file.deleted") return event.data.deletedAt;
  if (event.type === "file.failed") return event.data.reason;
  return event.type === "file.updated" ? event.data.changes.join() : event.data.url;
}
`;
