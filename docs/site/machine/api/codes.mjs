// Which error codes an operation can answer: those of its statuses in docs/reference/errors.md, without those that belong to other operations.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../paths.mjs";

/** Codes that only some operations answer; every other goes with its status. */
export const ONLY = {
  MISSING_FILE: ["upload_direct"],
  MISSING_PROJECT_ID: ["upload_direct"],
  EMPTY_FILE: ["upload_direct"],
  INVALID_FILENAME: ["upload_direct", "create_session", "patch_file"],
  MALFORMED_REQUEST: [
    "upload_direct",
    "create_session",
    "complete_session",
    "patch_file",
    "delete_files",
    "put_upload",
  ],
  INVALID_SIGNATURE: ["put_upload", "preflight_upload", "download", "preflight_download"],
  URL_EXPIRED: ["download", "preflight_download"],
  QUOTA_EXCEEDED: ["upload_direct", "create_session"],
  UPLOAD_NOT_RECEIVED: ["complete_session"],
  SESSION_NOT_ACTIVE: ["complete_session", "cancel_session", "put_upload"],
  IDEMPOTENCY_CONFLICT: ["upload_direct", "create_session", "complete_session", "delete_files"],
  CONFLICT: [],
};

/** Gives a Map from code to status, as the page of errors has them. */
export function readCodes() {
  const text = readFileSync(join(root, "docs/reference/errors.md"), "utf8");
  return new Map(
    [...text.matchAll(/^\|\s*`([A-Z_]+)`\s*\|\s*(\d{3})\s*\|/gm)].map(([, code, status]) => [code, Number(status)]),
  );
}

/** Gives the codes of one status of an operation. */
export function codesOf({ operation, needsKey }, status, codes) {
  const known = [...codes].filter(([, each]) => each === Number(status)).map(([code]) => code);
  return known.filter((code) => {
    if (code === "PERMISSION_DENIED") return needsKey;
    return !ONLY[code] || ONLY[code].includes(operation.operationId);
  });
}
