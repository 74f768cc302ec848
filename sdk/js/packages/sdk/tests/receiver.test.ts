/** The webhook receiver in each framework, with what the server itself sends, and with what it would never send. */
import { createHmac } from "node:crypto";
import express from "express";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { admin } from "../../../testing/server.js";
import { expressFileRouter, expressWebhook } from "../src/express.js";
import { createWebhookReceiver, type WebhookEvent } from "../src/index.js";
import { type App, HOSTS, type Host, listening } from "./hosts.js";
import { client, server, uploaded } from "./kit.js";

const events: WebhookEvent[] = [];
const errors: unknown[] = [];
let fail = false;
const app: App = {
  authorize: () => ({}),
  onError: (error) => errors.push(error),
  onEvent: (event) => {
    if (fail) throw new Error("secret");
    events.push(event);
  },
  secret: "whsec_test",
};

const BODY = '{ "type": "file.uploaded", "id": "evt_ü" }';
const signed = (body = BODY, secret = "whsec_test") => {
  const time = Math.floor(Date.now() / 1000);
  const mac = createHmac("sha256", secret).update(`${time}.${body}`).digest("hex");
  return { "reupload-signature": `t=${time},v1=${mac}`, "content-type": "application/json" };
};

beforeEach(() => {
  events.length = errors.length = 0;
  fail = false;
});

describe.each(Object.keys(HOSTS))("in %s", (name) => {
  let host: Host;
  beforeAll(async () => {
    host = await (HOSTS[name] as (typeof HOSTS)[string])(app);
  });
  afterAll(() => host.close());
  const post = (body: string, headers: Record<string, string>) =>
    fetch(`${host.url}/hook`, { method: "POST", body, headers });

  it("a signed event is taken", async () => {
    expect((await post(BODY, signed())).status).toBe(204);
    expect(events).toEqual([{ type: "file.uploaded", id: "evt_ü" }]);
  });

  it("anything else is refused", async () => {
    for (const headers of [{}, signed(BODY, "whsec_other"), signed(`${BODY} `)]) {
      const answer = await post(BODY, headers as Record<string, string>);
      expect([answer.status, (await answer.json()).error]).toEqual([400, "INVALID_SIGNATURE"]);
    }
    const large = await post("x".repeat(1024 * 1024 + 1), signed());
    expect([large.status, (await large.json()).error]).toEqual([413, "FILE_TOO_LARGE"]);
    expect(events).toEqual([]);
    expect(errors).toEqual([]);
  });

  it("a failure is told to Reupload, without its reason", async () => {
    fail = true;
    const answer = await post(BODY, signed());
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain("secret");
    expect(errors).toEqual([new Error("secret")]);
  });
});

it("other methods are refused", async () => {
  const answer = await createWebhookReceiver({ onEvent: () => undefined })(new Request("http://x/"));
  expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"]);
});

it("the secret comes from the environment, several behind commas", async () => {
  const receive = createWebhookReceiver({ onEvent: (event) => void events.push(event) });
  const request = (secret: string) =>
    new Request("http://x/", { method: "POST", body: BODY, headers: signed(BODY, secret) });
  vi.stubEnv("REUPLOAD_WEBHOOK_SECRET", "whsec_new, whsec_old");
  expect((await receive(request("whsec_old"))).status).toBe(204);
  expect((await receive(request("whsec_new"))).status).toBe(204);
  expect((await receive(request(" whsec_old"))).status).toBe(400);
  vi.stubEnv("REUPLOAD_WEBHOOK_SECRET", " , ");
  const logged = vi.spyOn(console, "error").mockReturnValue();
  expect((await receive(request("whsec_old"))).status).toBe(500);
  expect(String(logged.mock.calls[0])).toContain("REUPLOAD_WEBHOOK_SECRET");
  vi.unstubAllEnvs();
  logged.mockRestore();
});

it("the real server's deliveries arrive in Express", async () => {
  const site = express();
  const host = await listening(site);
  const words = ["--project", server.project, "--url", `${host.url}/hook`];
  const { secret } = admin(server, "webhook", "create", ...words) as { secret: string };
  site.post("/hook", expressWebhook({ secret, onEvent: (event) => void events.push(event) }));
  const done = await uploaded(client());
  await vi.waitFor(() => expect(events.map((event) => event.data.fileId)).toContain(done.fileId), { timeout: 10_000 });
  await host.close();
});

describe("behind a parser that has read the body", () => {
  const logged = vi.spyOn(console, "error").mockReturnValue();
  afterAll(() => logged.mockRestore());
  const behind = async (parser: express.RequestHandler) => {
    const site = express();
    site.use(parser);
    site.post("/hook", expressWebhook({ secret: "whsec_test", onEvent: (event) => void events.push(event) }));
    site.use("/api", expressFileRouter({ client: client(), authorize: () => ({}) }));
    return listening(site);
  };

  it("raw bytes are as good", async () => {
    const host = await behind(express.raw({ type: "*/*" }));
    const answer = await fetch(`${host.url}/hook`, { method: "POST", body: BODY, headers: signed() });
    expect(answer.status).toBe(204);
    await host.close();
  });

  it("JSON is enough for the file routes, and not for a signature", async () => {
    const host = await behind(express.json());
    const headers = { "content-type": "application/json" };
    const ask = JSON.stringify({ filename: "a.txt", contentType: "text/plain", size: 5 });
    const prepared = await fetch(`${host.url}/api/uploads/prepare`, { method: "POST", body: ask, headers });
    expect(prepared.status).toBe(201);
    const hooked = await fetch(`${host.url}/hook`, { method: "POST", body: BODY, headers: signed() });
    expect([hooked.status, (await hooked.json()).error]).toEqual([500, "BODY_ALREADY_READ"]);
    expect(events).toEqual([]);
    await host.close();
  });
});
