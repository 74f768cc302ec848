/**
 * Reupload in a Next.js application: route handlers for `app/`, and API routes for `pages/`, which need
 * `export const config = { api: { bodyParser: false } }` for files and webhooks.
 */
import type { FileRouterOptions } from "./router/grant.js";
import { answerNode, type NodeRequest, type NodeResponse } from "./router/node.js";
import { type WebhookOptions, webhookReceiver } from "./router/receiver.js";
import { directRoute, fileRoutes, type Handler } from "./router/router.js";

export type { FileRequest, FileRouterOptions, UploadGrant } from "./router/grant.js";
export type { NodeRequest, NodeResponse } from "./router/node.js";
export type { WebhookOptions } from "./router/receiver.js";

type RouteHandler<Native> = (request: Native) => Promise<Response>;
type ApiRoute<Native> = (request: Native, response: NodeResponse) => Promise<void>;

/** All file routes: `export const { GET, POST } = nextFileRouter({ authorize })` in `app/api/reupload/[...path]/route.ts`. */
export function nextFileRouter<Native extends Request>(
  options: FileRouterOptions<Native>,
): { GET: RouteHandler<Native>; POST: RouteHandler<Native> } {
  const handle = routeHandler(fileRoutes(options));
  return { GET: handle, POST: handle };
}

/** One file as a form: `export const { POST } = nextDirectRoute({ authorize })`. */
export function nextDirectRoute<Native extends Request>(
  options: FileRouterOptions<Native>,
): { POST: RouteHandler<Native> } {
  return { POST: routeHandler(directRoute(options)) };
}

/** Verified webhooks: `export const { POST } = nextWebhook({ onEvent })`. */
export function nextWebhook<Native extends Request>(options: WebhookOptions<Native>): { POST: RouteHandler<Native> } {
  return { POST: routeHandler(webhookReceiver(options)) };
}

/** All file routes: `export default pagesFileRouter({ authorize })` in `pages/api/reupload/[...path].ts`. */
export function pagesFileRouter<Native extends NodeRequest>(options: FileRouterOptions<Native>): ApiRoute<Native> {
  return apiRoute(fileRoutes(options));
}

/** One file as a form, in `pages/api/`. */
export function pagesDirectRoute<Native extends NodeRequest>(options: FileRouterOptions<Native>): ApiRoute<Native> {
  return apiRoute(directRoute(options));
}

/** Verified webhooks, in `pages/api/`. */
export function pagesWebhook<Native extends NodeRequest>(options: WebhookOptions<Native>): ApiRoute<Native> {
  return apiRoute(webhookReceiver(options));
}

function routeHandler<Native extends Request>(handler: Handler<Native>): RouteHandler<Native> {
  return (request) => handler(request, request);
}

function apiRoute<Native extends NodeRequest>(handler: Handler<Native>): ApiRoute<Native> {
  return (request, response) => answerNode(handler, request, response, request);
}
