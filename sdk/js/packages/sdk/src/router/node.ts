/** Between the requests of `node:http`, which Express, Fastify and Next's pages hand on, and web requests. */
import { FileRouteError } from "../errors.js";
import { errorAnswer } from "./answers.js";
import type { Handler } from "./router.js";

/** As much of Node's `IncomingMessage` as is needed. `body` is there if somebody has read it already. */
export interface NodeRequest {
  method?: string | undefined;
  url?: string | undefined;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  readableDidRead?: boolean;
  body?: unknown;
  [Symbol.asyncIterator](): AsyncIterator<unknown>;
  resume(): unknown;
}

/** As much of Node's `ServerResponse` as is needed. */
export interface NodeResponse {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(body?: string): unknown;
}

/** Answers `raw` on `response` by a handler of web requests. */
export async function answerNode<Native>(
  handler: Handler<Native>,
  raw: NodeRequest,
  response: NodeResponse,
  native: Native,
  body: unknown = raw.body,
): Promise<void> {
  let answer: Response;
  try {
    answer = await handler(webRequest(raw, body), native);
  } catch (error) {
    // What the handler itself foresees it answers; this is a body that somebody else has read.
    answer = errorAnswer(error, (unforeseen) => console.error("A route of @reupload/sdk failed:", unforeseen));
  }
  response.statusCode = answer.status;
  for (const [name, value] of answer.headers) response.setHeader(name, value);
  response.end(await answer.text());
  // Who is refused while sending must be able to finish, or a browser shows a broken connection instead of the answer.
  raw.resume();
}

/** The host means nothing here, and what the visitor says of it is not to be trusted: only path and query count. */
function webRequest(raw: NodeRequest, body: unknown): Request {
  const url = new URL(`http://localhost${raw.url?.startsWith("/") ? raw.url : "/"}`);
  const headers = new Headers();
  for (const [name, value] of Object.entries(raw.headers)) {
    for (const one of typeof value === "string" ? [value] : (value ?? [])) headers.append(name, one);
  }
  const method = raw.method ?? "GET";
  if (method === "GET" || method === "HEAD") return new Request(url, { method, headers });
  return new Request(url, { method, headers, body: webBody(raw, body, headers), duplex: "half" } as RequestInit);
}

function webBody(raw: NodeRequest, body: unknown, headers: Headers): ReadableStream | BodyInit {
  if (!raw.readableDidRead) return stream(raw);
  if (typeof body === "string" || body instanceof Uint8Array) return body as BodyInit;
  const isJson = headers.get("content-type")?.startsWith("application/json") ?? false;
  // A signature is over the bytes, and JSON that was read and written again may have others.
  const signed = headers.has("reupload-signature") || headers.has("webhook-signature");
  if (isJson && !signed && body !== undefined) return JSON.stringify(body);
  throw new FileRouteError(
    500,
    "BODY_ALREADY_READ",
    "Another middleware has read the body of this request: register this route before body parsers.",
  );
}

function stream(raw: NodeRequest): ReadableStream<Uint8Array> {
  const pieces = raw[Symbol.asyncIterator]();
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
    const { done, value } = await pieces.next();
    if (done) controller.close();
    else controller.enqueue(value as Uint8Array);
  };
  // Nothing on cancel: to end the iteration would break the connection, and the answer with it.
  return new ReadableStream({ pull }, { highWaterMark: 0 });
}
