export { type PutOptions, putToUploadUrl } from "./cdn.js";
export { Reupload, type ReuploadOptions } from "./client.js";
export { createReuploadFromEnv } from "./env.js";
export {
  FileRouteError,
  isReuploadCdnError,
  isReuploadError,
  ReuploadCdnError,
  ReuploadConnectionError,
  ReuploadError,
  UploadFailedError,
  UploadTimeoutError,
  WebhookVerificationError,
} from "./errors.js";
export type { EventsResource } from "./events.js";
export type { FilesResource } from "./files.js";
export type { Fetch } from "./http.js";
export type { Paged } from "./pages.js";
export type { WaitOptions } from "./polling.js";
export type { FileAction, FileRequest, FileRouterOptions, UploadGrant } from "./router/grant.js";
export type { WebhookOptions } from "./router/receiver.js";
export type { Restriction } from "./router/restrict.js";
export type * from "./types.js";
export type { UploadsResource } from "./uploads.js";
export { createDirectRoute, createFileRouter, createWebhookReceiver } from "./web.js";
export { type HeadersLike, type VerifyOptions, verifyWebhook } from "./webhooks.js";
