/**
 * Every request of the API as a value, built once. To add an endpoint: a function here, a method in `uploads.ts`,
 * `files.ts`, `events.ts` or `client.ts`, and its result in `types.ts`.
 */
import { type Content, filePart } from "./body.js";
import { ReuploadError } from "./errors.js";
import { form } from "./multipart.js";
import type {
  CdnUploadInput,
  CompleteUploadSessionInput,
  CompleteUploadSessionResult,
  CreateUploadSessionInput,
  CreateUploadSessionResult,
  DeleteFilesResult,
  DeleteFolderResult,
  DirectUploadBatchInput,
  DirectUploadBatchResult,
  DirectUploadInput,
  DirectUploadResult,
  EventPage,
  FileAccessQuery,
  FilePage,
  FileTimeline,
  GetFileAccessResult,
  GetFileResult,
  GetUploadSessionResult,
  ListEventsQuery,
  ListFilesQuery,
  SuccessResult,
  UpdateFileInput,
  UploadDetails,
  UploadOptions,
  UsageQuery,
  UsageReport,
  WhoamiResponse,
} from "./types.js";

type QueryValue = string | number | boolean | Record<string, string> | null | undefined;

/** A request that is answered with a `T`. `ifGone` is the answer when an earlier try of a DELETE has already done it. */
export interface Call<T> {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly json?: unknown;
  readonly content?: Content;
  readonly idempotencyKey?: string;
  readonly ifGone?: T;
  /** Milliseconds for which the server may hold the request on purpose. */
  readonly extraMs?: number;
}

type Key = string | undefined;

export const whoami = (): Call<WhoamiResponse> => get("/public/whoami");

/** An owner is one within a project, so the default project is meant then. */
export function usage(query: UsageQuery, defaultProject: Key): Call<UsageReport> {
  const projectId = query.projectId ?? (query.ownerRef === undefined ? undefined : defaultProject);
  return get("/usage", { ...query, projectId });
}

export function createSession(
  input: CreateUploadSessionInput,
  defaultProject: Key,
  key: Key,
): Call<CreateUploadSessionResult> {
  return post("/uploads/session", { ...input, projectId: project(input.projectId, defaultProject) }, key);
}

export const completeSession = (input: CompleteUploadSessionInput, key: Key): Call<CompleteUploadSessionResult> =>
  post("/uploads/complete", input, key);

export const getSession = (uploadId: string): Call<GetUploadSessionResult> =>
  get(`/uploads/session/${segment(uploadId)}`);

export const cancelSession = (uploadId: string): Call<SuccessResult> => ({
  method: "DELETE",
  path: `/uploads/session/${segment(uploadId)}`,
});

export function direct(
  input: DirectUploadInput,
  defaultProject: Key,
  options: UploadOptions,
): Call<DirectUploadResult> {
  const given = filePart(input.file);
  const part = { ...given, filename: input.filename || given.filename };
  // As a field of its own the name needs no escapes.
  const fields = { ...details(input, defaultProject), filename: part.filename };
  return upload(form(fields, [part], options.onProgress), options.idempotencyKey);
}

/** One file is answered as `direct` is. */
export function directBatch(
  input: DirectUploadBatchInput,
  defaultProject: Key,
  options: UploadOptions,
): Call<DirectUploadResult | DirectUploadBatchResult> {
  const [first, ...more] = input.files;
  if (!first) throw new TypeError("uploadDirectBatch needs at least one file.");
  if (more.length === 0) return direct({ ...input, file: first }, defaultProject, options);
  const parts = input.files.map(filePart);
  return upload(form(details(input, defaultProject), parts, options.onProgress), options.idempotencyKey);
}

/**
 * What `uploads.upload` opens.
 * @throws TypeError if nobody knows the size.
 */
export function sessionOf(input: CdnUploadInput): CreateUploadSessionInput {
  const { file, ...rest } = input;
  const part = filePart(file);
  const size = input.size ?? file.size ?? part.source.size;
  if (size === null) throw new TypeError("size is needed: this body does not know its own.");
  const filename = input.filename || part.filename;
  return { ...rest, filename, contentType: input.contentType || part.contentType, size };
}

export const getFile = (fileId: string): Call<GetFileResult> => get(`/files/${segment(fileId)}`);

export const fileAccess = (fileId: string, query: FileAccessQuery): Call<GetFileAccessResult> =>
  get(`/files/${segment(fileId)}/access`, query);

export const timeline = (fileId: string): Call<FileTimeline> => get(`/files/${segment(fileId)}/timeline`);

export const deleteFile = (fileId: string): Call<SuccessResult> => ({
  method: "DELETE",
  path: `/files/${segment(fileId)}`,
  ifGone: { success: true },
});

export const updateFile = (fileId: string, changes: UpdateFileInput): Call<GetFileResult> => ({
  method: "PATCH",
  path: `/files/${segment(fileId)}`,
  json: changes,
});

export const deleteFiles = (fileIds: readonly string[], key: Key): Call<DeleteFilesResult> =>
  post("/files/delete", { fileIds }, key);

export const deleteFolder = (folder: string, projectId: Key, defaultProject: Key): Call<DeleteFolderResult> => ({
  method: "DELETE",
  path: "/files",
  query: { projectId: project(projectId, defaultProject), folder },
});

export const listFiles = (query: ListFilesQuery, cursor: string | undefined): Call<FilePage> =>
  get("/files", { ...query, cursor });

export const listEvents = (query: ListEventsQuery, waitSeconds = 0): Call<EventPage> => ({
  ...get<EventPage>("/events", { ...query, wait: waitSeconds || undefined }),
  extraMs: waitSeconds * 1000,
});

/** The query of a request, with its `?`; `{metadata: {a: "b"}}` becomes `metadata[a]=b`. */
export function search(query: Readonly<Record<string, QueryValue>>): string {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue;
    if (typeof value !== "object") pairs.append(name, String(value));
    else for (const [key, inner] of Object.entries(value)) pairs.append(`${name}[${key}]`, inner);
  }
  return pairs.size > 0 ? `?${pairs}` : "";
}

function get<T>(path: string, query: Readonly<Record<string, QueryValue>> = {}): Call<T> {
  return { method: "GET", path, query };
}

function post<T>(path: string, json: unknown, key: Key): Call<T> {
  return { method: "POST", path, json, idempotencyKey: key ?? crypto.randomUUID() };
}

function upload<T>(content: Content, key: Key): Call<T> {
  return { method: "POST", path: "/uploads/direct", content, idempotencyKey: key ?? crypto.randomUUID() };
}

/** The text fields of a direct upload. */
function details(input: UploadDetails, defaultProject: Key): Record<string, string> {
  const { isPublic, folder, ownerRef, metadata } = input;
  const fields: Record<string, string> = { projectId: project(input.projectId, defaultProject) };
  if (isPublic) fields.isPublic = "true";
  if (folder !== undefined && folder !== null) fields.folder = folder;
  if (ownerRef !== undefined && ownerRef !== null) fields.ownerRef = ownerRef;
  if (metadata !== undefined && metadata !== null) fields.metadata = JSON.stringify(metadata);
  return fields;
}

function project(given: Key, defaultProject: Key): string {
  const id = given || defaultProject;
  if (id) return id;
  throw new ReuploadError(400, "MISSING_PROJECT_ID", "projectId is required, or a defaultProjectId of the client.");
}

/** A part of a path: an id that holds a slash must not reach another address. */
function segment(id: string): string {
  if (id === "" || id === "." || id === "..") throw new TypeError("An id is needed.");
  return encodeURIComponent(id);
}
