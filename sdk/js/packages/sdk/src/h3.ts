/** Reupload in an h3 application (2), Nitro and Nuxt's next one among them. */
import type { FileRouterOptions } from "./router/grant.js";
import { type WebhookOptions, webhookReceiver } from "./router/receiver.js";
import { directRoute, fileRoutes, type Handler } from "./router/router.js";

export type { FileRequest, FileRouterOptions, UploadGrant } from "./router/grant.js";
export type { WebhookOptions } from "./router/receiver.js";

/** As much of an h3 event as is needed. */
export interface H3EventLike {
  req: Request;
}

export type H3Handler<Native> = (event: Native) => Promise<Response>;

/** All file routes: `app.all("/api/reupload/**", h3FileRouter({ authorize }))`. */
export function h3FileRouter<Native extends H3EventLike>(options: FileRouterOptions<Native>): H3Handler<Native> {
  return handled(fileRoutes(options));
}

/** One file as a form: `app.post("/upload", h3DirectRoute({ authorize }))`. */
export function h3DirectRoute<Native extends H3EventLike>(options: FileRouterOptions<Native>): H3Handler<Native> {
  return handled(directRoute(options));
}

/** Verified webhooks: `app.post("/webhooks/reupload", h3Webhook({ onEvent }))`. */
export function h3Webhook<Native extends H3EventLike>(options: WebhookOptions<Native>): H3Handler<Native> {
  return handled(webhookReceiver(options));
}

function handled<Native extends H3EventLike>(handler: Handler<Native>): H3Handler<Native> {
  return (event) => handler(event.req, event);
}
