// The pages while they are written: `npm run dev`, then http://127.0.0.1:4010/docs. Every change builds them anew; reload the page to see it.
// `REUPLOAD_URL` (http://127.0.0.1:4000) answers everything else, so that Try it works. PORT is another port.

import { spawn } from "node:child_process";
import { readdirSync, watch } from "node:fs";
import { readFile } from "node:fs/promises";
import { request as ask, createServer } from "node:http";
import { extname, join } from "node:path";
import { dist, root, site } from "./machine/paths.mjs";

const api = new URL(process.env.REUPLOAD_URL ?? "http://127.0.0.1:4000");
const port = Number(process.env.PORT ?? 4010);
const TYPES = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
  ".md": "text/markdown",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain",
};

/** In a process of its own, so that a change of machine/ counts too. */
const rebuild = () =>
  new Promise((done) => {
    const build = spawn(process.execPath, [join(site, "build.mjs"), "--draft"], { stdio: "inherit" });
    build.on("exit", (code) => {
      console.log(code ? "not built" : `built at ${new Date().toLocaleTimeString()}`);
      done();
    });
  });
let building = rebuild();

let timer;
for (const folder of [join(root, "api"), ...foldersBelow(join(root, "docs"))]) {
  watch(folder, (_, name) => {
    if (name === "dist") return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      building = building.then(rebuild);
    }, 150);
  });
}

/** One by one: a watch of all below would read dist/ while it is written anew. */
function foldersBelow(folder) {
  const below = readdirSync(folder, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && !["dist", "node_modules"].includes(entry.name),
  );
  return [folder, ...below.flatMap(({ name }) => foldersBelow(join(folder, name)))];
}

createServer(async (request, response) => {
  const { pathname } = new URL(request.url, "http://local");
  if (!/^\/docs(\/|$)/.test(pathname)) return forward(request, response);
  await building;
  const name =
    decodeURIComponent(pathname)
      .replace(/^\/docs\/?/, "")
      .replace(/\/$/, "") || "index";
  for (const file of [name, `${name}.html`]) {
    const bytes = extname(file) && (await readFile(join(dist, join("/", file))).catch(() => undefined));
    if (!bytes) continue;
    response.setHeader("content-type", `${TYPES[extname(file)] ?? "application/octet-stream"}; charset=utf-8`);
    // As the server's own, but for the CDN host, of which nothing is known here but that it is on this machine.
    const cdn = `http://${api.hostname}:*`;
    response.setHeader(
      "content-security-policy",
      `default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self' ${cdn}; img-src 'self' blob: data: ${cdn}; media-src ${cdn}; frame-src ${cdn}; base-uri 'none'; frame-ancestors 'none'; form-action 'self'`,
    );
    return response.end(bytes);
  }
  response.writeHead(404).end("Nothing is here.");
}).listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${port}/docs`));

function forward(request, response) {
  const { url: path, method, headers } = request;
  const asked = ask({ host: api.hostname, port: api.port, path, method, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  asked.on("error", (error) => response.writeHead(502).end(`${api} does not answer: ${error.message}`));
  request.pipe(asked);
}
