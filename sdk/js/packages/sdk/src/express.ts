/**
 * Reupload in an Express application (4 or 5). Register these before `express.json()` and other body parsers: files are
 * sent on while they arrive, and signatures are over the raw body.
 */
import type { FileRouterOptions } from "./router/grant.js";
import { answerNode, type NodeRequest, type NodeResponse } from "./router/node.js";
import { type WebhookOptions, webhookReceiver } from "./router/receiver.js";
import { directRoute, fileRoutes, type Handler } from "./router/router.js";

export type { FileRequest, FileRouterOptions, UploadGrant } from "./router/grant.js";
export type { NodeRequest, NodeResponse } from "./router/node.js";
export type { WebhookOptions } from "./router/receiver.js";

/** As Express calls it. */
export type Middleware<Native> = (
  request: Native,
  response: NodeResponse,
  next: (error?: unknown) => void,
) => Promise<void>;

/** All file routes: `app.use("/api/reupload", expressFileRouter({ authorize }))`. */
export function expressFileRouter<Native extends NodeRequest>(options: FileRouterOptions<Native>): Middleware<Native> {
  return middleware(fileRoutes(options));
}

/** One file as a form: `app.post("/upload", expressDirectRoute({ authorize }))`. */
export function expressDirectRoute<Native extends NodeRequest>(options: FileRouterOptions<Native>): Middleware<Native> {
  return middleware(directRoute(options));
}

/** Verified webhooks: `app.post("/webhooks/reupload", expressWebhook({ onEvent }))`. */
export function expressWebhook<Native extends NodeRequest>(options: WebhookOptions<Native>): Middleware<Native> {
  return middleware(webhookReceiver(options));
}

function middleware<Native extends NodeRequest>(handler: Handler<Native>): Middleware<Native> {
  return (request, response, next) => answerNode(handler, request, response, request).catch(next);
}
