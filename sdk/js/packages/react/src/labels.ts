import {
  type FileValidation,
  formatBytes,
  type ReuploadClientError,
  type UploadItem,
  type UploadTotals,
} from "@reupload/client";
import { acceptInWords } from "./accept-in-words.js";

/** Every text of the components. Give any of them in the `labels` prop, of a component or of the provider. */
export interface UploaderLabels {
  /** The name of the whole control, for screen readers. */
  readonly group: string;
  readonly choose: (multiple: boolean) => string;
  /** What stands beside the button in a drop area. */
  readonly drop: (multiple: boolean) => string;
  /** While files hang over the drop area. */
  readonly release: string;
  /** The rules, in words; an empty text is not shown. */
  readonly hint: (validation: FileValidation) => string;
  readonly addMore: string;
  readonly empty: string;
  readonly list: string;
  readonly fileState: (item: UploadItem) => string;
  /** Why a file failed. */
  readonly error: (error: ReuploadClientError, item: UploadItem, validation: FileValidation) => string;
  readonly progress: (name: string) => string;
  readonly totalProgress: string;
  readonly totals: (totals: UploadTotals) => string;
  readonly cancel: (name: string) => string;
  readonly retry: (name: string) => string;
  readonly remove: (name: string) => string;
  readonly cancelAll: string;
  readonly retryAll: string;
  readonly clear: string;
  readonly upload: (count: number) => string;
  readonly pending: (count: number, bytes: number) => string;
  readonly replace: string;
  readonly choosePhoto: string;
  readonly changePhoto: string;
  readonly removePhoto: string;
  /** Puts the word of a failed photo away. */
  readonly dismiss: string;
  readonly cancelOne: string;
  readonly retryOne: string;
  readonly announceStart: (count: number) => string;
  readonly announceEnd: (completed: number, failed: number) => string;
  readonly announceError: (name: string, reason: string) => string;
  readonly announceErrors: (count: number) => string;
  readonly folderUnreadable: string;
  readonly tooManyFiles: (limit: number) => string;
  readonly onlyOne: string;
}

const files = (count: number) => (count === 1 ? "1 file" : `${count} files`);

function fileState({ state, progress }: UploadItem): string {
  if (state === "idle") return "Ready";
  if (state === "queued") return "Waiting";
  if (state === "processing") return "Checking";
  if (state === "completed") return "Uploaded";
  if (state === "cancelled") return "Cancelled";
  if (state === "error") return "Failed";
  return progress?.percent == null ? "Uploading" : `${Math.round(progress.percent)} %`;
}

function error(
  { code, message }: ReuploadClientError,
  _item: UploadItem,
  { maxBytes, accept }: FileValidation,
): string {
  if (code === "FILE_TOO_LARGE" && maxBytes !== undefined) return `Too large. The limit is ${formatBytes(maxBytes)}.`;
  if (code === "FILE_TYPE_NOT_ACCEPTED" && accept) return `Not an accepted type. Use ${acceptInWords(accept, "or")}.`;
  if (code === "EMPTY_FILE") return "The file is empty.";
  if (code === "NETWORK_ERROR") return "The connection was lost.";
  if (code === "TIMEOUT") return "The server did not answer in time.";
  return message;
}

function hint({ accept, maxBytes }: FileValidation): string {
  const types = accept ? acceptInWords(accept, "and") : "";
  const size = maxBytes === undefined ? "" : `up to ${formatBytes(maxBytes)}`;
  const text = [types, size].filter(Boolean).join(", ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function announceEnd(completed: number, failed: number): string {
  if (failed === 0) return `${files(completed)} uploaded.`;
  return completed === 0 ? `${files(failed)} failed.` : `${files(completed)} uploaded, ${failed} failed.`;
}

/** The English texts that stand if no others are given. */
export const defaultLabels: UploaderLabels = {
  group: "File upload",
  choose: (multiple) => (multiple ? "Choose files" : "Choose a file"),
  drop: (multiple) => (multiple ? "or drag and drop them here" : "or drag and drop it here"),
  release: "Release to add",
  hint,
  addMore: "Add files",
  empty: "No files yet. Add some, or drop them here.",
  list: "Files",
  fileState,
  error,
  progress: (name) => `Upload of ${name}`,
  totalProgress: "Upload of all files",
  totals: ({ finished, failed, files: count }) =>
    `${finished} of ${count} uploaded${failed > 0 ? `, ${failed} failed` : ""}`,
  cancel: (name) => `Cancel ${name}`,
  retry: (name) => `Retry ${name}`,
  remove: (name) => `Remove ${name}`,
  cancelAll: "Cancel all",
  retryAll: "Retry failed",
  clear: "Clear list",
  upload: (count) => `Upload ${files(count)}`,
  pending: (count, bytes) => `${files(count)}, ${formatBytes(bytes)}`,
  replace: "Choose another file",
  choosePhoto: "Choose photo",
  changePhoto: "Change photo",
  removePhoto: "Remove photo",
  dismiss: "Dismiss",
  cancelOne: "Cancel",
  retryOne: "Try again",
  announceStart: (count) => `Uploading ${files(count)}.`,
  announceEnd,
  announceError: (name, reason) => `${name}: ${reason}`,
  announceErrors: (count) => `${files(count)} failed.`,
  folderUnreadable: "This browser cannot read folders. Open the folder and add its files.",
  tooManyFiles: (limit) => `A drop may hold at most ${limit} files. The rest were left out.`,
  onlyOne: "Only one file can be added. The first one was taken.",
};
