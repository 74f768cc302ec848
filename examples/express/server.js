import { randomUUID } from "node:crypto";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import express from "express";
import { files, known } from "./uploads.js";
import { receive } from "./webhook.js";

const app = express();

/** Gives each browser a name of its own, so that the example needs no login. Put your own login in its place. */
app.use((request, response, next) => {
  const cookie = /(?:^|; )visitor=([\w-]+)/.exec(request.headers.cookie ?? "");
  request.visitor = cookie?.[1] ?? randomUUID();
  if (!cookie)
    response.cookie("visitor", request.visitor, { httpOnly: true, sameSite: "lax" });
  next();
});

// Before express.json() and its like: both read the body themselves.
app.use("/api/reupload", files);
app.post("/api/webhooks/reupload", receive);

app.get("/api/files", (request, response) => {
  const mine = [...known.ready.values()].filter(
    ({ fileId }) => known.owners.get(fileId) === request.visitor,
  );
  response.json({
    files: mine
      .reverse()
      .map(({ fileId, name, mimeType }) => ({ fileId, name, mimeType })),
  });
});

// The page, and the package that it loads: `@reupload/client` needs no bundler.
app.use(
  "/client",
  express.static(dirname(fileURLToPath(import.meta.resolve("@reupload/client")))),
);
app.use(express.static("public"));

const port = Number(process.env.PORT ?? 3000);
app.listen(port, "127.0.0.1", (error) => {
  if (error) throw error;
  console.log(`open http://127.0.0.1:${port}`);
});
