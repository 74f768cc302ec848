/**
 * The routes that `@reupload/client` calls on a backend, and direct upload, from a web `Request` to a `Response`.
 *
 * | route                            | does                                                                    |
 * |----------------------------------|-------------------------------------------------------------------------|
 * | `POST …/uploads/prepare`         | makes a session; the browser sends the bytes straight to Reupload       |
 * | `POST …/uploads/complete`        | says that the bytes are there                                           |
 * | `POST …/uploads/cancel`          | ends a session that the visitor has given up                            |
 * | `GET …/uploads/{uploadId}/status`| how far it is                                                           |
 * | `GET …/files/{fileId}/access`    | an address: permanent if the file is public, else good for 5 minutes    |
 * | `POST …/uploads/direct`          | one file as a form, through the application, never as a whole in memory |
 *
 * Safe defaults: nothing is answered before the application's `authorize` has said yes; there is no default for it. What
 * the browser says of project, owner and publicity counts for nothing: files are private and go to the client's default
 * project, unless the grant says otherwise. The API key never leaves the server.
 *
 * To add a route: a line in `ROUTES`, an action in `grant.ts`, and a function in `ACTIONS` that asks `allow` first.
 */
import type { Reupload } from "../client.js";
import { createReuploadFromEnv } from "../env.js";
import { FileRouteError } from "../errors.js";
import { drain, errorAnswer, json, methodNotAllowed } from "./answers.js";
import { type AccessQuery, accessQuery, completeBody, type PrepareBody, prepareBody } from "./asked.js";
import { arrivingFile } from "./direct.js";
import {
  checkedGrant,
  type FileAction,
  type FileRequest,
  type FileRouterOptions,
  terms,
  type UploadGrant,
} from "./grant.js";
import { checkSize, checkType } from "./restrict.js";

/** Answers a request; `native` is the same request as the framework has it, for the application's hooks. */
export type Handler<Native> = (request: Request, native: Native) => Promise<Response>;

const ROUTES: readonly (readonly ["GET" | "POST", RegExp, FileAction])[] = [
  ["POST", /\/uploads\/prepare\/?$/, "prepare"],
  ["POST", /\/uploads\/complete\/?$/, "complete"],
  ["POST", /\/uploads\/cancel\/?$/, "cancel"],
  ["POST", /\/uploads\/direct\/?$/, "direct"],
  ["GET", /\/uploads\/([^/]+)\/status\/?$/, "status"],
  ["GET", /\/files\/([^/]+)\/access\/?$/, "access"],
];

/** What an action works with. */
interface Visit {
  request: Request;
  client: Reupload;
  /** The id in the path, blank if there is none. */
  id: string;
  restrict: FileRouterOptions<unknown>["restrict"];
  allow(asked: FileRequest): Promise<UploadGrant>;
  made<T extends { uploadId: string; fileId: string }>(result: T): Promise<T>;
}

const ACTIONS: Readonly<Record<FileAction, (visit: Visit) => Promise<Response>>> = {
  async prepare({ request, client, restrict, allow, made }) {
    const body: PrepareBody = await prepareBody(request);
    const grant = await allow({ action: "prepare", ...body });
    const { filename, contentType, size } = body;
    checkType(restrict, filename, contentType);
    checkSize(restrict, size);
    return json(201, await made(await client.uploads.createSession({ filename, contentType, size, ...terms(grant) })));
  },
  async direct({ request, client, restrict, allow, made }) {
    const { asked, data, discard } = await arrivingFile(request, restrict);
    try {
      const grant = await allow(asked);
      const { filename, contentType } = asked;
      checkType(restrict, filename, contentType);
      const file = { data, filename, contentType };
      return json(202, await made(await client.uploads.uploadDirect({ file, ...terms(grant) })));
    } finally {
      await discard();
    }
  },
  async complete({ request, client, allow }) {
    const { uploadId } = await completeBody(request);
    await allow({ action: "complete", uploadId });
    return json(202, await client.uploads.complete({ uploadId }));
  },
  async cancel({ request, client, allow }) {
    const { uploadId } = await completeBody(request);
    await allow({ action: "cancel", uploadId });
    return json(200, await client.uploads.cancelSession(uploadId));
  },
  async status({ client, id, allow }) {
    await allow({ action: "status", uploadId: id });
    const { status, fileId, failureReason } = (await client.uploads.getSession(id)).session;
    return json(200, { status, fileId, failureReason });
  },
  async access({ request, client, id, allow }) {
    const query: AccessQuery = accessQuery(request);
    await allow({ action: "access", fileId: id });
    return json(200, await client.files.access(id, query));
  },
};

/** All routes, under any path. */
export function fileRoutes<Native>(options: FileRouterOptions<Native>): Handler<Native> {
  const visits = visitor(options);
  return (request, native) =>
    visits.guarded(request, native, async () => {
      const { pathname } = new URL(request.url);
      const route = ROUTES.find(([, path]) => path.test(pathname));
      if (!route) throw new FileRouteError(404, "NOT_FOUND", "There is no such route.");
      const [method, path, action] = route;
      if (request.method !== method) return methodNotAllowed(method);
      return ACTIONS[action](visits.visit(request, native, decoded(path.exec(pathname)?.[1] ?? "")));
    });
}

/** `POST …/uploads/direct` alone, under whatever path it is registered. */
export function directRoute<Native>(options: FileRouterOptions<Native>): Handler<Native> {
  const visits = visitor(options);
  return (request, native) =>
    visits.guarded(request, native, async () =>
      request.method === "POST" ? ACTIONS.direct(visits.visit(request, native, "")) : methodNotAllowed("POST"),
    );
}

function visitor<Native>(options: FileRouterOptions<Native>) {
  const { authorize, onUpload, onError, restrict } = options;
  // Without it every request would fail later, with the application already deployed.
  if (typeof authorize !== "function") throw new TypeError("authorize is missing: it decides who may upload.");
  let client = options.client;
  return {
    visit(request: Request, native: Native, id: string): Visit {
      client ??= createReuploadFromEnv();
      return {
        request,
        client,
        id,
        restrict,
        allow: async (asked) => checkedGrant(await authorize.call(options, native, asked)),
        made: async (result) => {
          await onUpload?.call(options, native, { uploadId: result.uploadId, fileId: result.fileId });
          return result;
        },
      };
    },
    async guarded(request: Request, native: Native, answer: () => Promise<Response>): Promise<Response> {
      try {
        return await answer();
      } catch (error) {
        return errorAnswer(error, (unforeseen) => {
          if (onError) onError.call(options, unforeseen, native);
          else console.error("A file route of @reupload/sdk failed:", unforeseen);
        });
      } finally {
        if (request.body && !request.body.locked) drain(request.body.getReader());
      }
    },
  };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new FileRouteError(404, "NOT_FOUND", "There is no such id.");
  }
}
