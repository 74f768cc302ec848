/** What somebody asks of an application's file routes, and the application's yes; for any web framework. */
import type { Reupload } from "../client.js";
import { FileRouteError } from "../errors.js";
import { isObject } from "../http.js";
import type { UploadDetails } from "../types.js";
import type { Restriction } from "./restrict.js";

export type FileAction = "prepare" | "direct" | "complete" | "cancel" | "status" | "access";

/**
 * What somebody asks for. All of it is the browser's word, for the application to judge. `filename`, `contentType`,
 * `projectId` and `isPublic` come with `prepare` and `direct`, `size` (bytes) with `prepare` alone: a form is sent on
 * while it arrives. `uploadId` comes with `complete`, `cancel` and `status`, `fileId` with `access`.
 */
export interface FileRequest {
  action: FileAction;
  filename?: string;
  contentType?: string;
  size?: number;
  projectId?: string;
  isPublic?: boolean;
  uploadId?: string;
  fileId?: string;
}

/**
 * The application's yes, and on what terms an upload is made; the terms say nothing for the other actions. Without
 * `projectId` it is the client's default project; files are private unless `isPublic` is true. `ownerRef` is the
 * application's own id of the user, which quotas per owner count by. `folder` and `metadata` are stored with the file.
 */
export interface UploadGrant {
  projectId?: string | undefined;
  ownerRef?: string | undefined;
  isPublic?: boolean | undefined;
  folder?: string | undefined;
  metadata?: Record<string, string> | undefined;
}

/** `Native` is the request as the framework has it. */
export interface FileRouterOptions<Native> {
  /** The client whose key and default project are used; made from the environment at the first request if left out. */
  client?: Reupload | undefined;
  /**
   * Called before every action. It returns a grant, or throws a `FileRouteError` (or an error of the framework's with a
   * `status` of 4xx) to refuse; `undefined`, or anything else that is no grant, is a refusal too. For an `uploadId` or a
   * `fileId` it must know whose that is: `onUpload` tells it.
   */
  authorize(request: Native, asked: FileRequest): UploadGrant | Promise<UploadGrant>;
  /** Called with each upload that was made, before the browser hears of it. */
  onUpload?(request: Native, made: { uploadId: string; fileId: string }): void | Promise<void>;
  /** Called with each error that nobody foresaw, which the browser is not told; `console.error` if left out. */
  onError?(error: unknown, request: Native): void;
  /** What a file may be, whoever sends it. */
  restrict?: Restriction | undefined;
}

const TERMS: Readonly<Record<keyof UploadGrant, string>> = {
  projectId: "string",
  ownerRef: "string",
  isPublic: "boolean",
  folder: "string",
  metadata: "object",
};

/**
 * What a hook has answered, if it is a grant: a plain object with nothing but a grant's fields.
 * @throws FileRouteError 403 `PERMISSION_DENIED`: `undefined`, `true` or a user's record must not be taken for a yes.
 */
export function checkedGrant(answer: unknown): UploadGrant {
  const prototype = isObject(answer) ? Object.getPrototypeOf(answer) : undefined;
  const plain = isObject(answer) && (prototype === Object.prototype || prototype === null);
  const fits = ([name, value]: [string, unknown]): boolean => {
    if (value === undefined || value === null) return name in TERMS;
    return typeof value === TERMS[name as keyof UploadGrant];
  };
  if (plain && Object.entries(answer).every(fits)) return answer;
  throw new FileRouteError(403, "PERMISSION_DENIED", "This is not allowed.");
}

/** The fields of an upload that the grant decides. */
export function terms(grant: UploadGrant): UploadDetails {
  const { projectId, ownerRef, isPublic, folder, metadata } = grant;
  return { projectId, ownerRef, isPublic: isPublic === true, folder, metadata };
}
