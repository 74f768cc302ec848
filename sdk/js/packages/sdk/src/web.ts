/** The file routes for everything that speaks web `Request` and `Response`: Hono, SvelteKit, Remix, Deno, Bun. */
import type { FileRouterOptions } from "./router/grant.js";
import { type WebhookOptions, webhookReceiver } from "./router/receiver.js";
import { directRoute, fileRoutes } from "./router/router.js";

type Answers = (request: Request) => Promise<Response>;

/** All file routes, under whatever path they are registered. */
export function createFileRouter(options: FileRouterOptions<Request>): Answers {
  const handle = fileRoutes(options);
  return (request) => handle(request, request);
}

/** One file as a form, through the application: 202 `{uploadId, fileId, status}`. */
export function createDirectRoute(options: FileRouterOptions<Request>): Answers {
  const handle = directRoute(options);
  return (request) => handle(request, request);
}

/** Verified webhooks: 204, or 400 `INVALID_SIGNATURE`. */
export function createWebhookReceiver(options: WebhookOptions<Request>): Answers {
  const handle = webhookReceiver(options);
  return (request) => handle(request, request);
}
