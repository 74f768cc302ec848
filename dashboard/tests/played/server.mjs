// A small played API, for looks only: what no binary can show at will. Whether a page works is tried on the real one.
//
// Each file of routes/ exports `routes(data)`: {"GET /workspaces/:w/members": ({params, query, body}) => answer}, with
// `data` "none" or "little". An answer is JSON, or {status, body}, or undefined for 404. Paths of /dev are written whole.
import { readdir, readFile } from "node:fs/promises";
import { request as ask, createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { pathToFileURL } from "node:url";

const here = new URL("./routes/", import.meta.url);
const TYPES = {
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".html": "text/html",
  ".png": "image/png",
};

/** What the server sends with index.html; the CDN of the played API is on the same host. */
const csp = (cdn) =>
  `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data: ${cdn}; media-src ${cdn}; frame-src ${cdn}; ` +
  `object-src 'none'; connect-src 'self' ${cdn}; font-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'`;

/**
 * Serves the built pages of `dist` and the played API, or with `api` that of a real server at this address, whose CDN host
 * is at `cdn`.
 * Resolves with its address and `close`.
 */
export async function play({ dist, api, cdn = "'self'", data = "little", signedIn = true, port = 0 }) {
  const table = [];
  for (const file of (await readdir(here)).filter((name) => name.endsWith(".mjs"))) {
    const { routes } = await import(pathToFileURL(join(here.pathname, file)));
    for (const [key, handle] of Object.entries(routes(data))) table.push(entry(key, handle));
  }
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, "http://localhost");
    const prefix = ["/api/dashboard", "/dev/webhooks"].find((each) => url.pathname.startsWith(`${each}/`));
    if (!prefix) return page(dist, url.pathname, response, csp(cdn));
    if (api) return forward(api, request, response);
    const target = prefix === "/dev/webhooks" ? url.pathname : url.pathname.slice(prefix.length);
    if (target.endsWith("/live")) return live(response);
    if (!signedIn && target === "/me") return send(response, 401, refuse("UNAUTHORIZED", "Sign in to go on."));
    const body = await read(request);
    for (const { method, pattern, handle } of table) {
      const match =
        (request.method === method || (request.method === "HEAD" && method === "GET")) && pattern.exec(target);
      if (!match) continue;
      const answer = await handle({ params: match.groups ?? {}, query: url.searchParams, body });
      if (answer === undefined) break;
      return answer.status ? send(response, answer.status, answer.body) : send(response, 200, answer);
    }
    send(response, 404, refuse("NOT_FOUND", `The played API has no ${request.method} ${target}.`));
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function entry(key, handle) {
  const [method, path] = key.split(" ");
  return { method, handle, pattern: new RegExp(`^${path.replace(/:(\w+)/g, "(?<$1>[^/]+)")}$`) };
}

const refuse = (error, message) => ({ error, message, requestId: "req_played" });

function send(response, status, body) {
  response.writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store" });
  response.end(JSON.stringify(body));
}

function forward(api, request, response) {
  const { method, headers, url } = request;
  const onward = ask(new URL(url, api), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  onward.on("error", () => response.destroy());
  response.on("close", () => onward.destroy());
  request.pipe(onward);
}

function live(response) {
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  response.write(": hello\n\n");
}

async function page(dist, path, response, policy) {
  const file = normalize(join(dist, path));
  const isAsset = extname(path) !== "" && file.startsWith(dist);
  try {
    const name = isAsset ? file : join(dist, "index.html");
    const bytes = await readFile(name);
    response.writeHead(200, {
      "Content-Type": TYPES[extname(name)] ?? "application/octet-stream",
      "Content-Security-Policy": policy,
    });
    response.end(bytes);
  } catch {
    response.writeHead(404).end();
  }
}

async function read(request) {
  let text = "";
  for await (const part of request) text += part;
  // Uploaded bytes are no JSON.
  return text && request.headers["content-type"]?.startsWith("application/json") ? JSON.parse(text) : undefined;
}
