/** The smallest backend of an app: the five routes by fetch to the real server, with the app's key. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { refuse, reply } from "./app.js";

export interface RealServer {
  api: string;
  key: string;
  project: string;
}

export async function startBackend({ api, key, project }: RealServer) {
  const ask = async (method: string, path: string, body?: object) => {
    const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" };
    const answer = await fetch(api + path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };

  const route = (method: string, path: string, query: string, body: Record<string, unknown>) => {
    const [, kind, id, action] = path.split("/");
    if (path === "/uploads/prepare") return ask("POST", "/uploads/session", { projectId: project, ...body });
    if (path === "/uploads/complete") return ask("POST", "/uploads/complete", { uploadId: body.uploadId });
    if (path === "/uploads/cancel") return ask("DELETE", `/uploads/session/${body.uploadId}`);
    // The server's own `{session}`, handed on as it is.
    if (method === "GET" && kind === "uploads" && action === "status") return ask("GET", `/uploads/session/${id}`);
    if (method === "GET" && kind === "files" && action === "access") return ask("GET", `/files/${id}/access?${query}`);
    return null;
  };

  const server = createServer(async (request, answer) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    const text = Buffer.concat(pieces).toString();
    const { pathname, search } = new URL(request.url ?? "", "http://backend");
    const result = await route(request.method ?? "", pathname, search.slice(1), text ? JSON.parse(text) : {});
    if (result) reply(answer, result.status, result.body);
    else refuse(answer, 404, "NOT_FOUND");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { ask, stop, apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
