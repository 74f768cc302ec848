import { invalidResponse } from "./backend.js";
import type { CompletedUpload, FileAccess, PreparedUpload, UploadStatus, UploadStatusResult } from "./types.js";

/** The backend is your code, perhaps written by hand: what it must give is looked at, so that a slip is named where it is. */
type Answer = Record<string, unknown>;

const STATUSES: readonly unknown[] = [
  "PENDING",
  "UPLOADING",
  "COMPLETED",
  "FAILED",
  "CANCELLED",
] satisfies UploadStatus[];

export function readPrepared(answer: Answer): PreparedUpload {
  return {
    uploadUrl: text(answer, "uploadUrl"),
    uploadId: text(answer, "uploadId"),
    fileId: text(answer, "fileId"),
    ...(typeof answer.expiresIn === "number" ? { expiresIn: answer.expiresIn } : {}),
  };
}

export function readCompleted(answer: Answer): CompletedUpload {
  return { fileId: text(answer, "fileId"), status: text(answer, "status") };
}

/** Understands the server's own `{session: {…}, file?}` too, for backends that hand it on as it is. */
export function readStatus(answer: Answer): UploadStatusResult {
  const session = isObject(answer.session) ? answer.session : answer;
  if (!STATUSES.includes(session.status)) throw invalidResponse(200, "`status`");
  const reason = session.failureReason;
  return {
    status: session.status as UploadStatus,
    fileId: text(session, "fileId"),
    failureReason: typeof reason === "string" ? reason : null,
  };
}

export function readAccess(answer: Answer): FileAccess {
  if (!isObject(answer.access)) throw invalidResponse(200, "`access`");
  text(answer.access, "url");
  return answer.access as unknown as FileAccess;
}

function text(answer: Answer, field: string): string {
  const value = answer[field];
  if (typeof value !== "string" || value === "") throw invalidResponse(200, `\`${field}\``);
  return value;
}

function isObject(value: unknown): value is Answer {
  return typeof value === "object" && value !== null;
}
