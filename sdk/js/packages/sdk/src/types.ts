/**
 * What goes into the API and comes out of it, with the API's own names. All of it comes from `openapi.ts`, which is
 * generated from `api/openapi.json`. Sizes are bytes, times ISO 8601 in UTC, durations seconds.
 */
import type { components, operations } from "./openapi.js";

type Schemas = components["schemas"];
type Query<Name extends keyof operations> = NonNullable<operations[Name]["parameters"]["query"]>;
/** `undefined` is as good as leaving out, so that options can be passed on. */
type Loose<T> = { [Key in keyof T]: undefined extends T[Key] ? T[Key] | undefined : T[Key] };
/** `projectId` may be left out if the client has a default project. */
type DefaultProject<T extends { projectId: string }> = Loose<Omit<T, "projectId"> & { projectId?: string }>;

export type ApiKeyPermission = Schemas["Permission"];
export type ProjectSummary = Schemas["ProjectSummary"];
export type WhoamiResponse = Schemas["Whoami"];

export type UploadSession = Schemas["Session"];
/** `PENDING`, `UPLOADING`, `COMPLETED`, `FAILED` or `CANCELLED`. */
export type UploadSessionStatus = Schemas["Status"];
/** Why a session is `FAILED`. */
export type FailureReason = Schemas["FailureReason"];
export type CreateUploadSessionInput = DefaultProject<Schemas["CreateSession"]>;
export type CreateUploadSessionResult = Schemas["SessionCreated"];
export type CompleteUploadSessionInput = Schemas["CompleteSession"];
export type CompleteUploadSessionResult = Schemas["SessionCompleted"];
/** `file` is there once the session is `COMPLETED`. */
export type GetUploadSessionResult = Schemas["SessionState"];
export type SuccessResult = Schemas["Success"];
/** What the CDN host answers to a PUT that it has stored. */
export type StoredPut = Schemas["StoredPut"];

/**
 * Bytes to upload. None of it is held whole in memory by this package. Streams and iterables can be read once, so a
 * request with one is not tried again once it was begun; the others begin again.
 */
export type UploadBody = Uint8Array | ArrayBuffer | Blob | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * A file to upload. `filename` is that of a `File`, else `upload`; `contentType` that of a `Blob`, else
 * `application/octet-stream`; `size` (bytes) is needed only for streams, where the API wants it beforehand.
 */
export interface UploadFileInput {
  data: UploadBody;
  filename?: string | undefined;
  contentType?: string | undefined;
  size?: number | undefined;
}

/** What every upload may say; see `CreateUploadSessionInput`. */
export type UploadDetails = Pick<
  CreateUploadSessionInput,
  "projectId" | "isPublic" | "folder" | "metadata" | "ownerRef"
>;
/** `filename` goes before the file's own. */
export interface DirectUploadInput extends UploadDetails {
  file: UploadFileInput;
  filename?: string | undefined;
}
/** Up to 100 files. */
export interface DirectUploadBatchInput extends UploadDetails {
  files: readonly UploadFileInput[];
}
/** `filename`, `contentType` and `size` (bytes) go before the file's own. */
export interface CdnUploadInput extends UploadDetails {
  file: UploadFileInput;
  filename?: string | undefined;
  contentType?: string | undefined;
  size?: number | undefined;
}
export type DirectUploadResult = Schemas["AcceptedUpload"];
export interface DirectUploadBatchResult {
  files: DirectUploadResult[];
}
/** `uploadId` is for `waitForCompletion`. */
export type UploadResult = CompleteUploadSessionResult & { uploadId: string };

export type FilePublic = Schemas["FilePublic"];
export type FileCategory = Schemas["Category"];
export type FileAccess = Schemas["FileAccess"];
/** `original`, or a picture that fits into N × N pixels: `thumb_64`, `thumb_160`, `thumb_320`. */
export type FileAccessVariant = Schemas["Variant"];
/** `expiresIn` is 60 to 604,800 seconds, 300 if left out. */
export type FileAccessQuery = Loose<Query<"file_access">>;
export type GetFileResult = Schemas["FileAnswer"];
export type GetFileAccessResult = Schemas["AccessAnswer"];
/** What changes; what is left out stays. `metadata` replaces all of it. */
export type UpdateFileInput = Loose<Schemas["PatchFile"]>;
export type FilePage = Schemas["FileList"];
export type ListFilesQuery = Loose<Omit<Query<"list_files">, "cursor">>;
export type DeleteFilesResult = Schemas["FilesDeleted"];
/** `hasMore`: a request takes 1,000 files; ask again for the rest. */
export type DeleteFolderResult = Schemas["FolderDeleted"];
export type FileTimeline = Schemas["Timeline"];
export type TimelineEntry = Schemas["TimelineEntry"];

export type UsageReport = Schemas["UsageReport"];
export type UsageQuery = Loose<Query<"usage">>;

export type EventType = Schemas["EventType"];
/** What every event has. `test` is true for one that was sent to try an endpoint. */
interface EventOf<Type extends EventType, Data> extends Omit<Schemas["Envelope"], "type" | "data"> {
  type: Type;
  data: Data;
}
export type FileUploadedData = Schemas["FileSummary"];
export type FileUpdatedData = Schemas["FileUpdated"];
export type FileDeletedData = Schemas["FileDeleted"];
export type FileFailedData = Schemas["FileFailed"];
export type FileUploadedEvent = EventOf<"file.uploaded", FileUploadedData>;
export type FileUpdatedEvent = EventOf<"file.updated", FileUpdatedData>;
export type FileDeletedEvent = EventOf<"file.deleted", FileDeletedData>;
export type FileFailedEvent = EventOf<"file.failed", FileFailedData>;
/** An event, as webhooks and `events.list` carry it. Compare `type`, and TypeScript knows `data`. */
export type WebhookEvent = FileUploadedEvent | FileUpdatedEvent | FileDeletedEvent | FileFailedEvent;
export interface EventPage {
  events: WebhookEvent[];
  nextCursor: string | null;
}
export type ListEventsQuery = Loose<Omit<Query<"list_events">, "wait">>;

/** Called with the bytes of the files sent so far and all there are (null if unknown). A new try counts from 0. */
export type OnProgress = (sent: number, total: number | null) => void;

/** What every call takes. */
export interface CallOptions {
  /** Ends the call at once; it is then rejected with the signal's `reason`. */
  signal?: AbortSignal | undefined;
  /**
   * Milliseconds until the whole answer is there, for each try; the client's if left out. For a call with a body of
   * files it is twice that, counted anew with every piece that moves.
   */
  timeoutMs?: number | undefined;
}
/** What a POST takes as well. */
export interface PostOptions extends CallOptions {
  /**
   * Makes a call that *you* repeat within 24 hours give the first answer: 1 to 255 printable ASCII characters. Without
   * it each call has its own, so that its tries never do anything twice.
   */
  idempotencyKey?: string | undefined;
}
export interface UploadOptions extends PostOptions {
  onProgress?: OnProgress | undefined;
}
