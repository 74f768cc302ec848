/**
 * A backend and an upload host over real HTTP on loopback, which can be told to misbehave. The rules of sessions are
 * as the server has them; `contract.test.ts` runs the same client against the real one.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Route = "prepare" | "complete" | "status" | "access" | "cancel" | "put" | "preflight";
/** `read` gives the whole body. What does not read may act while the body is still coming. */
export type Handler = (
  request: IncomingMessage,
  answer: ServerResponse,
  read: () => Promise<Buffer>,
) => undefined | Promise<undefined>;

export interface Call {
  route: Route | "unknown";
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
  body: Buffer;
  json: Record<string, unknown>;
}

export interface Session {
  uploadId: string;
  fileId: string;
  status: string;
  failureReason: string | null;
  bytes: Buffer | null;
  declared: Record<string, unknown>;
}

export class App {
  readonly calls: Call[] = [];
  readonly sessions = new Map<string, Session>();
  /** How often the status says that it is still processing, before `outcome`. */
  pendingPolls = 0;
  outcome: { status: string; failureReason: string | null } = { status: "COMPLETED", failureReason: null };
  expiresIn: number | undefined = 3600;
  /** How long the upload host waits after each piece of a body, in milliseconds. */
  paceMs = 0;
  apiUrl = "";
  cdnUrl = "";
  readonly #next = new Map<Route, Handler[]>();
  readonly #servers: Server[] = [];

  static async start(): Promise<App> {
    const app = new App();
    app.apiUrl = `${await app.#listen((...args) => app.#backend(...args))}/some/app`;
    app.cdnUrl = await app.#listen((...args) => app.#cdn(...args));
    return app;
  }

  /** Answers the next request of the route by hand. Several wait in line. */
  once(route: Route, ...handlers: Handler[]): void {
    this.#next.set(route, [...(this.#next.get(route) ?? []), ...handlers]);
  }

  of(route: Route): Call[] {
    return this.calls.filter((call) => call.route === route);
  }

  async stop(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  async #listen(handler: Handler): Promise<string> {
    const server = createServer((request, answer) => {
      const route = this.#routeOf(request);
      const { method = "", url = "", headers } = request;
      const call: Call = { route, method, url, headers, body: Buffer.alloc(0), json: {} };
      this.calls.push(call);
      const read = async () => {
        const pieces: Buffer[] = [];
        for await (const piece of request) {
          pieces.push(piece);
          if (this.paceMs > 0) await new Promise((resolve) => setTimeout(resolve, this.paceMs));
        }
        call.body = Buffer.concat(pieces);
        if (headers["content-type"] === "application/json") call.json = JSON.parse(call.body.toString());
        return call.body;
      };
      const byHand = route === "unknown" ? undefined : this.#next.get(route)?.shift();
      // A browser that goes away in the middle of its body is a subject of tests, not a fault of theirs.
      Promise.resolve((byHand ?? handler)(request, answer, read)).catch((error) => {
        if (!request.destroyed) throw error;
      });
    });
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  #routeOf({ method, url = "" }: IncomingMessage): Call["route"] {
    if (url.startsWith("/v1/upload/")) return method === "PUT" ? "put" : "preflight";
    const path = `${method} ${url.replace(/^\/some\/app/, "").replace(/\?.*/, "")}`;
    if (path === "POST /uploads/prepare") return "prepare";
    if (path === "POST /uploads/complete") return "complete";
    if (path === "POST /uploads/cancel") return "cancel";
    if (/^GET \/uploads\/[^/]+\/status$/.test(path)) return "status";
    if (/^GET \/files\/[^/]+\/access$/.test(path)) return "access";
    return "unknown";
  }

  async #backend(request: IncomingMessage, answer: ServerResponse, read: () => Promise<Buffer>): Promise<undefined> {
    const route = this.#routeOf(request);
    const body = await read();
    const json = body.length > 0 ? JSON.parse(body.toString()) : {};
    if (route === "prepare") {
      const number = this.sessions.size + 1;
      const session = {
        uploadId: `u${number}`,
        fileId: `f${number}`,
        status: "PENDING",
        failureReason: null,
        bytes: null,
      };
      this.sessions.set(session.uploadId, { ...session, declared: json });
      const uploadUrl = `${this.cdnUrl}/v1/upload/${session.uploadId}`;
      const { uploadId, fileId } = session;
      return reply(answer, 201, { uploadUrl, uploadId, fileId, expiresIn: this.expiresIn });
    }
    if (route === "access") {
      const url = `${this.cdnUrl}/v1/files/f1/name`;
      return reply(answer, 200, {
        access: { url, accessType: "cdn", expiresIn: 300, variant: "original", download: false },
      });
    }
    const session = this.sessions.get(json.uploadId ?? request.url?.split("/").at(-2));
    if (!session) return refuse(answer, 404, "NOT_FOUND");
    if (route === "cancel") {
      if (session.status !== "PENDING") return refuse(answer, 409, "SESSION_NOT_ACTIVE");
      session.status = "CANCELLED";
      return reply(answer, 200, { success: true });
    }
    if (route === "complete") {
      if (!session.bytes) return refuse(answer, 409, "UPLOAD_NOT_RECEIVED");
      if (session.status === "PENDING") session.status = "UPLOADING";
      return reply(answer, 202, { fileId: session.fileId, status: "processing" });
    }
    if (session.status === "UPLOADING" && this.pendingPolls-- <= 0) Object.assign(session, this.outcome);
    const { status, fileId, failureReason } = session;
    return reply(answer, 200, { status, fileId, failureReason });
  }

  async #cdn(request: IncomingMessage, answer: ServerResponse, read: () => Promise<Buffer>): Promise<undefined> {
    cors(request, answer);
    const body = await read();
    if (request.method === "OPTIONS") {
      answer.writeHead(204).end();
      return;
    }
    const session = this.sessions.get(request.url?.split("/").pop() ?? "");
    if (session?.status !== "PENDING") return refuse(answer, 409, "SESSION_NOT_ACTIVE");
    if (request.headers["content-type"] !== session.declared.contentType)
      return refuse(answer, 422, "CONTENT_TYPE_MISMATCH");
    if (body.length !== session.declared.size) return refuse(answer, 422, "SIZE_MISMATCH");
    session.bytes = body;
    return reply(answer, 200, { uploadId: session.uploadId, fileId: session.fileId, sizeBytes: body.length });
  }
}

/** As the upload host answers them: the page's origin, and no credentials. */
export function cors(request: IncomingMessage, answer: ServerResponse): void {
  answer.setHeader("Access-Control-Allow-Origin", request.headers.origin ?? "");
  answer.setHeader("Access-Control-Allow-Methods", "PUT");
  answer.setHeader("Access-Control-Allow-Headers", "Content-Type");
  answer.setHeader("Access-Control-Expose-Headers", "Retry-After");
}

export function reply(answer: ServerResponse, status: number, body: unknown): undefined {
  answer.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}

export function refuse(answer: ServerResponse, status: number, error: string, message = `It is ${error}.`): undefined {
  return reply(answer, status, { error, message });
}

/** Cuts the connection without an answer. */
export const cut: Handler = (request) => {
  request.socket.destroy();
};

/** Never answers. */
export const hang: Handler = () => {};

/** Refuses with an error body, and headers if any. */
export function refusing(status: number, error: string, headers: Record<string, string> = {}): Handler {
  return async (request, answer, read) => {
    await read();
    cors(request, answer);
    for (const [name, value] of Object.entries(headers)) answer.setHeader(name, value);
    return refuse(answer, status, error);
  };
}

/** Answers with a body that is not what the route gives. */
export function answering(status: number, body: string): Handler {
  return async (_request, answer, read) => {
    await read();
    answer.writeHead(status, { "Content-Type": "text/html" }).end(body);
  };
}
