export type { ClientHeaders, ClientRoutes } from "./backend.js";
export {
  type CallOptions,
  type FileAccessOptions,
  type PutFileOptions,
  ReuploadClient,
  type ReuploadClientOptions,
} from "./client.js";
export { createReuploadClientFromEnv } from "./env.js";
export { type ErrorPhase, isReuploadClientError, ReuploadClientError, type ReuploadClientErrorInit } from "./errors.js";
export { formatBytes } from "./format.js";
export { createUploadStore } from "./store.js";
export type * from "./store-types.js";
export type * from "./types.js";
export type { UploadFileOptions, UploadSession } from "./upload.js";
export { matchesAccept, validateFile } from "./validate.js";
