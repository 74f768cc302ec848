import * as calls from "./calls.js";
import type { Sender } from "./client.js";
import { Paged } from "./pages.js";
import type {
  CallOptions,
  DeleteFilesResult,
  DeleteFolderResult,
  FileAccessQuery,
  FilePage,
  FilePublic,
  FileTimeline,
  GetFileAccessResult,
  GetFileResult,
  ListFilesQuery,
  PostOptions,
  SuccessResult,
  UpdateFileInput,
} from "./types.js";

/** `client.files`. */
export class FilesResource {
  readonly #sender: Sender;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  /** The file; 404 until its upload is COMPLETED. */
  async get(fileId: string, options?: CallOptions): Promise<GetFileResult> {
    return this.#sender.send(calls.getFile(fileId), options);
  }

  /** An address of the file: permanent if it is public, else signed and good for `expiresIn` seconds (300). */
  async access(fileId: string, query: FileAccessQuery = {}, options?: CallOptions): Promise<GetFileAccessResult> {
    return this.#sender.send(calls.fileAccess(fileId, query), options);
  }

  /** Changes what is given. It is tried again only when it was not let in (429). */
  async update(fileId: string, changes: UpdateFileInput, options?: CallOptions): Promise<GetFileResult> {
    return this.#sender.send(calls.updateFile(fileId, changes), options);
  }

  /** Deletes it; its addresses are dead at once. */
  async delete(fileId: string, options?: CallOptions): Promise<SuccessResult> {
    return this.#sender.send(calls.deleteFile(fileId), options);
  }

  /** Deletes up to 100 files in one step. */
  async deleteMany(fileIds: readonly string[], options: PostOptions = {}): Promise<DeleteFilesResult> {
    return this.#sender.send(calls.deleteFiles(fileIds, options.idempotencyKey), options);
  }

  /** Deletes up to 1,000 files in a folder and below it, in `projectId` or the default project. */
  async deleteFolder(folder: string, projectId?: string, options?: CallOptions): Promise<DeleteFolderResult> {
    return this.#sender.send(calls.deleteFolder(folder, projectId, this.#sender.defaultProjectId), options);
  }

  /** What happened to the file, in order, with reasons. */
  async timeline(fileId: string, options?: CallOptions): Promise<FileTimeline> {
    return this.#sender.send(calls.timeline(fileId), options);
  }

  /** Files, newest first, of all projects that the key reaches or of `projectId`; `limit` is the size of a page. */
  list(query: ListFilesQuery = {}, options?: CallOptions): Paged<FilePublic, FilePage> {
    return new Paged(
      (cursor) => this.#sender.send(calls.listFiles(query, cursor), options),
      (page) => page.files,
      (page) => page.nextCursor,
    );
  }
}
