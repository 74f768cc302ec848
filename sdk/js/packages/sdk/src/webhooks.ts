/**
 * Webhooks: is this request from Reupload, and what does it tell? Each delivery is signed in two ways:
 * `Reupload-Signature: t=<unix seconds>,v1=<hex>`, and the three headers of Standard Webhooks
 * (https://www.standardwebhooks.com). During a rotation each carries two signatures, and any of them may match.
 */
import { variable } from "./env.js";
import { WebhookVerificationError } from "./errors.js";
import { isObject, parsed } from "./http.js";
import type { WebhookEvent } from "./types.js";

/** A request's headers: a `Headers`, or an object such as Node's, with names in any case. */
export type HeadersLike = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

export interface VerifyOptions {
  /** How many seconds the signature may be away from now (300). */
  toleranceSeconds?: number | undefined;
}

type Bytes = Uint8Array<ArrayBuffer>;
type Lookup = (name: string) => string | null;

const encoder = new TextEncoder();
const PREFIX = "whsec_";

/**
 * Checks that Reupload has sent `payload`, and gives the event in it. The same event may come more than once, with the
 * same `id`, and events may come out of order.
 *
 * @param payload The raw body, not JSON that was read and written again.
 * @param headers All headers, or the value of `Reupload-Signature`. That header counts if it is there, else those of
 * Standard Webhooks.
 * @param secret The endpoint's `whsec_…`, or several during a rotation.
 * @throws WebhookVerificationError if the signature is missing, malformed, wrong or too old; TypeError without a secret.
 */
export async function verifyWebhook(
  payload: string | Uint8Array | ArrayBuffer,
  headers: HeadersLike | string | null | undefined,
  secret: string | readonly string[],
  options: VerifyOptions = {},
): Promise<WebhookEvent> {
  const secrets = typeof secret === "string" ? [secret] : secret;
  if (secrets.length === 0 || secrets.some((one) => !one)) throw new TypeError("A webhook needs a signing secret.");
  const tolerance = options.toleranceSeconds ?? 300;
  const body = typeof payload === "string" ? encoder.encode(payload) : copied(payload);
  const header: Lookup =
    typeof headers === "object" && headers !== null
      ? lookup(headers)
      : (name) => (name === "reupload-signature" ? (headers ?? null) : null);
  const own = header("reupload-signature");
  if (own !== null) await checkOwn(body, own, secrets, tolerance);
  else await checkStandard(body, header, secrets, tolerance);
  const event = parsed(new TextDecoder().decode(body));
  if (!isObject(event) || typeof event.type !== "string") {
    throw new WebhookVerificationError("The body is not an event: a JSON object with a type.");
  }
  return event as unknown as WebhookEvent;
}

/**
 * The given secrets, or those of `REUPLOAD_WEBHOOK_SECRET` (several behind commas).
 * @throws Error if there is none.
 */
export function secretsOrEnv(secret: string | readonly string[] | undefined): readonly string[] {
  if (secret !== undefined) return typeof secret === "string" ? [secret] : secret;
  const secrets = (variable("REUPLOAD_WEBHOOK_SECRET") ?? "").split(",").map((one) => one.trim());
  if (secrets.some((one) => one)) return secrets.filter((one) => one);
  throw new Error("REUPLOAD_WEBHOOK_SECRET is missing: set it to the signing secret of the webhook endpoint.");
}

async function checkOwn(body: Bytes, header: string, secrets: readonly string[], tolerance: number): Promise<void> {
  const pairs = header.split(",").map((part) => part.trim().split("=", 2));
  const values = (wanted: string) => pairs.flatMap(([name, value]) => (name === wanted && value ? [value] : []));
  const [time, ...moreTimes] = values("t");
  const signatures = values("v1");
  if (time === undefined || moreTimes.length > 0 || signatures.length === 0) {
    throw new WebhookVerificationError("The Reupload-Signature header needs one t and at least one v1.");
  }
  checkTime(time, tolerance);
  // The key is the whole secret, prefix and all.
  const keys = secrets.map((one) => encoder.encode(one));
  await checkAny(joined(encoder.encode(`${time}.`), body), keys, signatures.map(fromHex));
}

async function checkStandard(
  body: Bytes,
  header: Lookup,
  secrets: readonly string[],
  tolerance: number,
): Promise<void> {
  const [id, time, signature] = [header("webhook-id"), header("webhook-timestamp"), header("webhook-signature")];
  if (!id || !time || !signature) {
    throw new WebhookVerificationError("Neither Reupload-Signature nor the headers of Standard Webhooks are there.");
  }
  checkTime(time, tolerance);
  const signatures = signature
    .split(" ")
    .flatMap((part) => (part.startsWith("v1,") ? [fromBase64(part.slice(3))] : []));
  // Here it is the base64 part; a secret that has none was not made by Reupload.
  const keys = secrets.map((one) => fromBase64(one.startsWith(PREFIX) ? one.slice(PREFIX.length) : one));
  await checkAny(joined(encoder.encode(`${id}.${time}.`), body), keys, signatures);
}

function checkTime(time: string, tolerance: number): void {
  if (!/^[0-9]{1,12}$/.test(time)) {
    throw new WebhookVerificationError("The time of the signature is not a number of seconds.");
  }
  if (Math.abs(Math.floor(Date.now() / 1000) - Number(time)) > tolerance) {
    throw new WebhookVerificationError(`The signature is more than ${tolerance} seconds away from now.`);
  }
}

/** All pairs are tried, each in constant time by Web Crypto's `verify`, so that time tells nothing. */
async function checkAny(message: Bytes, keys: readonly (Bytes | null)[], signatures: readonly (Bytes | null)[]) {
  let matches = false;
  for (const key of keys) {
    if (!key || key.byteLength === 0) continue;
    const hmac = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
    for (const signature of signatures) {
      if (signature && (await crypto.subtle.verify("HMAC", hmac, signature, message))) matches = true;
    }
  }
  if (!matches) throw new WebhookVerificationError("The signature does not match the body and the secret.");
}

function lookup(headers: HeadersLike): Lookup {
  if (headers instanceof Headers) return (name) => headers.get(name);
  return (wanted) => {
    const [, value] = Object.entries(headers).find(([name]) => name.toLowerCase() === wanted) ?? [];
    return typeof value === "object" ? value.join(", ") : (value ?? null);
  };
}

function fromHex(text: string): Bytes | null {
  if (!/^(?:[0-9a-f]{2})+$/.test(text)) return null;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function fromBase64(text: string): Bytes | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

function joined(head: Uint8Array, body: Uint8Array): Bytes {
  const whole = new Uint8Array(head.byteLength + body.byteLength);
  whole.set(head);
  whole.set(body, head.byteLength);
  return whole;
}

/** A copy, since Web Crypto takes no shared memory, and the caller may change what it gave. */
function copied(bytes: Uint8Array | ArrayBuffer): Bytes {
  return new Uint8Array(bytes instanceof ArrayBuffer ? bytes.slice(0) : bytes);
}
