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
export type * from "./types.js";
export type { UploadsResource } from "./uploads.js";
export { type HeadersLike, type VerifyOptions, verifyWebhook } from "./webhooks.js";
