/** The file routes, the direct route and the webhook receiver, in each real framework, on a port of their own. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import express from "express";
import fastify, { type FastifyRequest } from "fastify";
import { H3, type H3Event } from "h3";
import { toNodeHandler } from "h3/node";
import { expressDirectRoute, expressFileRouter, expressWebhook } from "../src/express.js";
import { fastifyDirectRoute, fastifyFileRouter, fastifyWebhook } from "../src/fastify.js";
import { h3DirectRoute, h3FileRouter, h3Webhook } from "../src/h3.js";
import {
  createDirectRoute,
  createFileRouter,
  createWebhookReceiver,
  type FileRequest,
  type FileRouterOptions,
  type UploadGrant,
  type WebhookEvent,
} from "../src/index.js";
import {
  nextDirectRoute,
  nextFileRouter,
  nextWebhook,
  pagesDirectRoute,
  pagesFileRouter,
  pagesWebhook,
} from "../src/next.js";
import { client } from "./kit.js";

/** What the application of the tests decides and hears; `header` is the visitor's `x-user`, which each framework reads. */
export interface App {
  authorize(user: string | null, asked: FileRequest): UploadGrant | Promise<UploadGrant>;
  onUpload?(user: string | null, made: { uploadId: string; fileId: string }): void | Promise<void>;
  onError?(error: unknown): void;
  restrict?: FileRouterOptions<unknown>["restrict"];
  onEvent?(event: WebhookEvent): void;
  secret?: string;
}

/** `url` is where `/api/uploads/…`, `/api/files/…`, `/direct` and `/hook` are. */
export interface Host {
  url: string;
  close(): Promise<void>;
}

export const HOSTS: Readonly<Record<string, (app: App) => Promise<Host>>> = {
  async express(app) {
    const user = (request: express.Request) => request.get("x-user") ?? null;
    const site = express();
    site.use("/api", expressFileRouter(options(app, user)));
    site.post("/direct", expressDirectRoute(options(app, user)));
    site.post("/hook", expressWebhook(hook<express.Request>(app)));
    return listening(site);
  },
  async fastify(app) {
    const user = (request: FastifyRequest) => one(request.headers["x-user"]);
    const site = fastify({ bodyLimit: 10 });
    await site.register(fastifyFileRouter(options(app, user)), { prefix: "/api" });
    await site.register(fastifyDirectRoute(options(app, user)), { prefix: "/direct" });
    await site.register(fastifyWebhook(hook<FastifyRequest>(app)), { prefix: "/hook" });
    const url = await site.listen({ port: 0, host: "127.0.0.1", listenTextResolver: (address) => address });
    return {
      url,
      close: async () => {
        site.server.closeAllConnections();
        await site.close();
      },
    };
  },
  async h3(app) {
    const user = (event: H3Event) => event.req.headers.get("x-user");
    const site = new H3();
    site.all("/api/**", h3FileRouter(options(app, user)));
    site.post("/direct", h3DirectRoute(options(app, user)));
    site.post("/hook", h3Webhook(hook<H3Event>(app)));
    return listening(toNodeHandler(site) as RequestListener);
  },
  /** The handlers of Next's app router take and give what the web has. */
  async next(app) {
    const user = (request: Request) => request.headers.get("x-user");
    const files = nextFileRouter(options(app, user));
    const { POST: direct } = nextDirectRoute(options(app, user));
    const { POST: webhook } = nextWebhook(hook<Request>(app));
    return listening(webListener(files.POST, files.GET, direct, webhook));
  },
  async pages(app) {
    const user = (request: IncomingMessage) => one(request.headers["x-user"]);
    const files = pagesFileRouter(options(app, user));
    const direct = pagesDirectRoute(options(app, user));
    const webhook = pagesWebhook(hook<IncomingMessage>(app));
    return listening((request, response) => {
      if (request.url === "/direct") return direct(request, response);
      return request.url === "/hook" ? webhook(request, response) : files(request, response);
    });
  },
  async web(app) {
    const user = (request: Request) => request.headers.get("x-user");
    const files = createFileRouter(options(app, user));
    return listening(
      webListener(files, files, createDirectRoute(options(app, user)), createWebhookReceiver(hook<Request>(app))),
    );
  },
};

export async function listening(listener: RequestListener): Promise<Host> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function options<Native>(app: App, user: (request: Native) => string | null): FileRouterOptions<Native> {
  return {
    client: client(),
    restrict: app.restrict,
    authorize: (request: Native, asked) => app.authorize(user(request), asked),
    onUpload: (request: Native, made) => app.onUpload?.(user(request), made),
    onError: (error) => app.onError?.(error),
  };
}

function hook<Native>(app: App) {
  return {
    secret: app.secret ?? "whsec_none",
    onEvent: (event: WebhookEvent, _request: Native) => app.onEvent?.(event),
    onError: (error: unknown) => app.onError?.(error),
  };
}

type Web = (request: Request) => Promise<Response>;

/** A server that hands web requests on, as those of Next do: by Node's own streams. */
function webListener(post: Web, get: Web, direct: Web, webhook: Web) {
  return async (raw: IncomingMessage, response: ServerResponse) => {
    const { method = "GET", url = "/" } = raw;
    const body = method === "GET" ? {} : { body: Readable.toWeb(raw) as ReadableStream, duplex: "half" };
    const request = new Request(`http://localhost${url}`, { method, headers: raw.headers as HeadersInit, ...body });
    const answers = url === "/direct" ? direct : url === "/hook" ? webhook : method === "GET" ? get : post;
    const answer = await answers(request);
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
  };
}

function one(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null;
}
