import { createHmac, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { admin } from "../../../testing/server.js";
import { verifyWebhook, type WebhookEvent, WebhookVerificationError } from "../src/index.js";
import { client, server, uploaded } from "./kit.js";

// The vector of the contract, section 7.
const SECRET = "whsec_test";
const TIME = 1_700_000_000;
const BODY = '{"type":"file.uploaded"}';
const V1 = "de0b4e6e471ae1f14799a581aa27356a816e4644ac3e5cc1a20ce2e475557ae8";
const HEADER = `t=${TIME},v1=${V1}`;

const REAL = `whsec_${randomBytes(32).toString("base64")}`;
const standard = (secret: string, body = BODY, id = "msg_1", time = TIME) => {
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  return `v1,${createHmac("sha256", key).update(`${id}.${time}.${body}`).digest("base64")}`;
};
const own = (secret: string) => createHmac("sha256", secret).update(`${TIME}.${BODY}`).digest("hex");

describe("a signature", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["Date"], now: TIME * 1000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([
    ["the header's value", HEADER],
    ["Headers", new Headers({ "Reupload-Signature": HEADER })],
    ["an object in any case", { "REUPLOAD-Signature": HEADER }],
    ["an object with lists", { "reupload-signature": [`t=${TIME}`, `v1=${V1}`] }],
    ["blanks in it", `t=${TIME} , v1=${V1}`],
    ["a second v1 that is wrong", `t=${TIME},v1=${"0".repeat(64)},v1=${V1}`],
    ["schemes of the future", `${HEADER},v2=abc`],
  ])("counts as %s", async (_, headers) => {
    expect(await verifyWebhook(BODY, headers, SECRET)).toEqual({ type: "file.uploaded" });
  });

  it.each([
    ["bytes", new TextEncoder().encode(BODY)],
    ["a Buffer", Buffer.from(BODY)],
    ["an ArrayBuffer", new TextEncoder().encode(BODY).buffer],
  ])("counts for %s", async (_, body) => {
    expect(await verifyWebhook(body, HEADER, SECRET)).toEqual({ type: "file.uploaded" });
  });

  it("may be of any of several secrets, and be of any of two", async () => {
    await verifyWebhook(BODY, HEADER, ["whsec_new", SECRET]);
    const both = `t=${TIME},v1=${own("whsec_new")},v1=${V1}`;
    await verifyWebhook(BODY, both, "whsec_new");
    await verifyWebhook(BODY, both, SECRET);
  });

  it("of Standard Webhooks counts without Reupload's", async () => {
    const headers = { "webhook-id": "msg_1", "webhook-timestamp": String(TIME), "webhook-signature": standard(REAL) };
    expect(await verifyWebhook(BODY, headers, ["whsec_other!", REAL])).toEqual({ type: "file.uploaded" });
    const two = { ...headers, "webhook-signature": `v1,AAAA v1a,x ${standard(REAL)}` };
    await verifyWebhook(BODY, two, REAL);
    for (const bad of [
      { ...headers, "webhook-id": "msg_2" },
      { ...headers, "webhook-timestamp": String(TIME + 1) },
      {
        ...headers,
        "webhook-timestamp": String(TIME - 301),
        "webhook-signature": standard(REAL, BODY, "msg_1", TIME - 301),
      },
      { ...headers, "webhook-signature": standard(REAL).replace("v1", "v2") },
      { ...headers, "webhook-signature": "v1," },
      { ...headers, "webhook-signature": undefined },
    ]) {
      await expect(verifyWebhook(BODY, bad, REAL)).rejects.toThrow(WebhookVerificationError);
    }
    // A wrong one of Reupload's is not outvoted.
    const mixed = { ...headers, "reupload-signature": `t=${TIME},v1=${"0".repeat(64)}` };
    await expect(verifyWebhook(BODY, mixed, REAL)).rejects.toThrow(WebhookVerificationError);
  });

  it.each([
    ["none", null],
    ["none among the headers", {}],
    ["an empty one", ""],
    ["no time", `v1=${V1}`],
    ["two times", `t=${TIME},${HEADER}`],
    ["no v1", `t=${TIME}`],
    ["an empty v1", `t=${TIME},v1=`],
    ["a time that is no number", `t=0x6553f100,v1=${V1}`],
    ["upper case", `t=${TIME},v1=${V1.toUpperCase()}`],
    ["one digit less", `t=${TIME},v1=${V1.slice(0, -1)}`],
    ["half of it", `t=${TIME},v1=${V1.slice(0, 32)}`],
    ["another digit", `t=${TIME},v1=${V1.replace("d", "e")}`],
    ["another time", `t=${TIME + 1},v1=${V1}`],
  ])("that is %s is refused", async (_, headers) => {
    await expect(verifyWebhook(BODY, headers, SECRET)).rejects.toThrow(WebhookVerificationError);
  });

  it.each([
    [300, true],
    [-300, true],
    [301, false],
    [-301, false],
  ])("%d seconds away is taken: %s", async (away, taken) => {
    vi.setSystemTime((TIME + away) * 1000);
    const verdict = verifyWebhook(BODY, HEADER, SECRET);
    await (taken ? expect(verdict).resolves.toBeTruthy() : expect(verdict).rejects.toThrow(/300 seconds/));
    await expect(verifyWebhook(BODY, HEADER, SECRET, { toleranceSeconds: 1000 })).resolves.toBeTruthy();
  });

  it("of another body or with another secret is refused", async () => {
    await expect(verifyWebhook(`${BODY} `, HEADER, SECRET)).rejects.toThrow(WebhookVerificationError);
    await expect(verifyWebhook(BODY, HEADER, "whsec_test2")).rejects.toThrow(WebhookVerificationError);
  });

  it.each(["[]", "null", "{", '{"type":1}', '"x"'])("of %s, which is no event, is refused", async (body) => {
    const v1 = createHmac("sha256", SECRET).update(`${TIME}.${body}`).digest("hex");
    await expect(verifyWebhook(body, `t=${TIME},v1=${v1}`, SECRET)).rejects.toThrow(/not an event/);
  });

  it.each(["", [], ["whsec_test", ""]].map((secret) => [secret]))("needs a secret, not %j", async (secret) => {
    await expect(verifyWebhook(BODY, HEADER, secret)).rejects.toThrow(TypeError);
  });
});

it("what the server sends is verified, both ways, and typed", async () => {
  const got: { headers: Record<string, string | string[] | undefined>; body: Buffer }[] = [];
  const receiver = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    got.push({ headers: request.headers, body: Buffer.concat(pieces) });
    response.writeHead(204).end();
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => receiver.once("listening", resolve));
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  const { secret } = admin(server, "webhook", "create", "--project", server.project, "--url", url) as {
    secret: string;
  };
  try {
    const done = await uploaded(client(), "hooked.txt");
    const mine = await vi.waitFor(
      async () => {
        for (const { headers, body } of got) {
          const event: WebhookEvent = await verifyWebhook(body, headers, secret);
          const { "reupload-signature": _, ...rest } = headers;
          expect(await verifyWebhook(body, rest, secret)).toEqual(event);
          if (event.type === "file.uploaded" && event.data.fileId === done.fileId) return event;
        }
        throw new Error("not yet");
      },
      { timeout: 10_000, interval: 50 },
    );
    expect(mine.data).toMatchObject({ name: "hooked.txt", sizeBytes: 5 });
    expect(mine.id).toMatch(/^evt_/);
  } finally {
    receiver.closeAllConnections();
    receiver.close();
  }
});
