/** Reupload in a Fastify application (5), as plugins: each has a scope of its own, where no parser touches the body. */
import type { FileRouterOptions } from "./router/grant.js";
import { answerNode, type NodeRequest, type NodeResponse } from "./router/node.js";
import { type WebhookOptions, webhookReceiver } from "./router/receiver.js";
import { directRoute, fileRoutes, type Handler } from "./router/router.js";

export type { FileRequest, FileRouterOptions, UploadGrant } from "./router/grant.js";
export type { WebhookOptions } from "./router/receiver.js";

/** As much of a Fastify request as is needed. */
export interface FastifyRequestLike {
  raw: NodeRequest;
}

/** As much of a Fastify instance as is needed. */
export interface FastifyLike {
  removeAllContentTypeParsers(): unknown;
  addContentTypeParser(
    type: string,
    options: object,
    parser: (request: unknown, payload: unknown, done: () => void) => void,
  ): unknown;
  route(options: {
    method: string[];
    url: string;
    handler(request: unknown, reply: FastifyReplyLike): Promise<unknown>;
  }): unknown;
}

/** As much of a Fastify reply as is needed. */
export interface FastifyReplyLike {
  raw: NodeResponse;
  hijack(): unknown;
  getHeaders(): Record<string, string | number | readonly string[] | undefined>;
}

export type Plugin = (app: FastifyLike) => Promise<void>;

/** All file routes: `app.register(fastifyFileRouter({ authorize }), { prefix: "/api/reupload" })`. */
export function fastifyFileRouter<Native extends FastifyRequestLike>(options: FileRouterOptions<Native>): Plugin {
  return plugin(fileRoutes(options), "/*");
}

/** One file as a form: `app.register(fastifyDirectRoute({ authorize }), { prefix: "/upload" })`. */
export function fastifyDirectRoute<Native extends FastifyRequestLike>(options: FileRouterOptions<Native>): Plugin {
  return plugin(directRoute(options), "/");
}

/** Verified webhooks: `app.register(fastifyWebhook({ onEvent }), { prefix: "/webhooks/reupload" })`. */
export function fastifyWebhook<Native extends FastifyRequestLike>(options: WebhookOptions<Native>): Plugin {
  return plugin(webhookReceiver(options), "/");
}

function plugin<Native extends FastifyRequestLike>(handler: Handler<Native>, path: string): Plugin {
  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", {}, (_request, _payload, done) => done());
    app.route({
      method: ["GET", "POST", "PUT", "PATCH", "DELETE"],
      url: path,
      handler: async (request, reply) => {
        // Headers that hooks have set, such as those of CORS, would be lost with the reply.
        for (const [name, value] of Object.entries(reply.getHeaders())) {
          if (value !== undefined) reply.raw.setHeader(name, String(value));
        }
        reply.hijack();
        const native = request as Native;
        await answerNode(handler, native.raw, reply.raw, native);
      },
    });
  };
}
