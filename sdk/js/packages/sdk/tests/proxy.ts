/** A TCP proxy in front of the real server that plays faults, one for each connection. */
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/**
 * `pass`; `lose`: the server gets the request, the client no answer; `refuse`: the connection is cut at once; `hang`: no
 * answer comes; or a status and headers to answer with, instead of the server.
 */
export type Fault = "pass" | "lose" | "refuse" | "hang" | { status: number; headers?: Record<string, string> };

export interface Front {
  /** The target's URL, through the proxy. */
  url: string;
  /** The requests as text, one of each connection that said something and was not refused. */
  seen: string[];
  close(): Promise<void>;
}

/** Connections after the `faults` pass. */
export async function proxy(target: string, ...faults: Fault[]): Promise<Front> {
  const url = new URL(target);
  const seen: string[] = [];
  const open = new Set<Socket>();
  const service = createServer((client) => {
    open.add(client);
    client.on("close", () => open.delete(client));
    client.on("error", () => client.destroy());
    // Not before it says something: fetch opens connections that it does not use.
    client.once("data", (first) => {
      const fault = faults.shift() ?? "pass";
      if (fault === "refuse") return client.destroy();
      const at = seen.push(first.toString("latin1")) - 1;
      client.on("data", (piece) => {
        seen[at] += piece.toString("latin1");
      });
      if (fault === "hang") return;
      if (typeof fault === "object") return answer(client, () => seen[at] ?? "", fault);
      const upstream = connect(Number(url.port), url.hostname);
      upstream.on("error", () => client.destroy());
      upstream.on("close", () => client.destroy());
      client.on("close", () => upstream.destroy());
      upstream.write(first);
      client.pipe(upstream);
      if (fault === "pass") upstream.pipe(client);
      else upstream.once("data", () => client.destroy());
    });
  });
  service.listen(0, "127.0.0.1");
  await new Promise((resolve) => service.once("listening", resolve));
  return {
    url: `http://127.0.0.1:${(service.address() as AddressInfo).port}${url.pathname.replace(/\/$/, "")}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        service.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

/** Answers when the whole request is there. */
function answer(client: Socket, request: () => string, fault: { status: number; headers?: Record<string, string> }) {
  const look = () => {
    const [head = "", body] = request().split("\r\n\r\n", 2);
    if (body === undefined) return;
    const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
    const chunked = /^transfer-encoding: *chunked/im.test(head);
    if (chunked ? !request().endsWith("0\r\n\r\n") : request().length - head.length - 4 < length) return;
    const text = '{"error":"PLAYED","message":"A played fault."}';
    const headers = { "Content-Type": "application/json", "Content-Length": text.length, Connection: "close" };
    const lines = Object.entries({ ...headers, ...fault.headers }).map(([name, value]) => `${name}: ${value}\r\n`);
    client.end(`HTTP/1.1 ${fault.status} Played\r\n${lines.join("")}\r\n${text}`);
  };
  client.on("data", look);
  look();
}

/** The values of a header in all requests. */
export function header(seen: readonly string[], name: string): string[] {
  return seen.flatMap((request) => new RegExp(`^${name}: *(.*)\r$`, "im").exec(request)?.[1] ?? []);
}
