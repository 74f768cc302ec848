import type {
  FileValidation,
  PollOptions,
  ReuploadClient,
  ReuploadClientError,
  UploadItem,
  UploadProgress,
  UploadResult,
  UploadSnapshot,
  UploadStore,
  UploadStoreOptions,
} from "@reupload/client";
import type { ClipboardEventHandler, DragEventHandler, InputHTMLAttributes, ReactNode, Ref } from "react";
import type { UploaderLabels } from "./labels.js";

/** What `useUploader` takes, and what every component takes as props. Whatever is left out comes from `ReuploadProvider`. */
export interface UploaderOptions {
  /** The client to upload with. Goes before `apiUrl`, and both go before the provider. */
  readonly client?: ReuploadClient | undefined;
  /** Where your own backend serves the upload routes, for example `/api/reupload`. */
  readonly apiUrl?: string | undefined;
  /** What a file may be. Chosen, dropped and pasted files are held to it alike. `accept` below goes before its `accept`. */
  readonly validation?: FileValidation | undefined;
  /** As in `<input accept>`: `image/*, .pdf`. Dropped and pasted files are held to it too. */
  readonly accept?: string | undefined;
  /** Ask the server until the file is checked (true). With false an item ends at `processing`, and `onUploadComplete` is not called. */
  readonly poll?: boolean | undefined;
  readonly pollOptions?: PollOptions | undefined;
  /** The name to store a file under; the file's own name if left out. */
  readonly filename?: string | ((file: File) => string) | undefined;
  readonly projectId?: string | undefined;
  readonly isPublic?: boolean | undefined;
  /** How many files travel at once (3). */
  readonly concurrency?: number | undefined;
  /** Upload as soon as a file is added (true), or wait for `start`. */
  readonly immediateUpload?: boolean | undefined;
  /** Take several files. With false a new file replaces the old one. */
  readonly multiple?: boolean | undefined;
  /** Take no files and no commands. Uploads that run go on. */
  readonly disabled?: boolean | undefined;
  /** Take pasted files while the focus is inside (`"within"`, the default), or also while no other field of the page has it (`"page"`). */
  readonly paste?: "within" | "page" | false | undefined;
  /** Own words for any of the texts, for example for another language. */
  readonly labels?: Partial<UploaderLabels> | undefined;
  /** Called for each file before it is sent. False leaves it out; a File is uploaded in its place. */
  readonly onBeforeUpload?: UploadStoreOptions["onBeforeUpload"];
  /** Called once per file, after the server has said COMPLETED. */
  readonly onUploadComplete?: ((result: UploadResult, item: UploadItem) => void) | undefined;
  readonly onUploadError?: ((error: ReuploadClientError, item: UploadItem) => void) | undefined;
  readonly onProgress?: ((progress: UploadProgress, item: UploadItem) => void) | undefined;
}

/** For the `<input type="file">` that `open` opens. Render it anywhere; it is not seen. */
export type UploaderInputProps = InputHTMLAttributes<HTMLInputElement> & { readonly ref: Ref<HTMLInputElement> };

/** For the element that files are dropped on. */
export interface UploaderDropzoneProps {
  readonly onDragOver: DragEventHandler<HTMLElement>;
  readonly onDragLeave: DragEventHandler<HTMLElement>;
  readonly onDrop: DragEventHandler<HTMLElement>;
}

/** For the element in which the focus must be for a paste to be taken. */
export interface UploaderPasteProps {
  readonly onPaste: ClipboardEventHandler<HTMLElement>;
}

/** What `useUploader` gives, and what the render prop of each component is called with. */
export interface Uploader extends UploadSnapshot {
  /** Adds files as if they had been chosen, and gives the ids of the new items. */
  readonly add: (files: Iterable<File>) => readonly string[];
  /** Begins one waiting item, or all of them. */
  readonly start: (id?: string) => void;
  /** Cancels one item, or all that wait or travel. */
  readonly cancel: (id?: string) => void;
  /** Tries one failed or cancelled item again, or all of them. */
  readonly retry: (id?: string) => void;
  /** Takes an item off the list; one that travels is cancelled first. A file that the server has already is not deleted. */
  readonly remove: (id: string) => void;
  /** Cancels everything and empties the list. */
  readonly reset: () => void;
  /** Opens the browser's file dialog. Call it from a click or a key press. */
  readonly open: () => void;
  readonly inputProps: UploaderInputProps;
  readonly dropzoneProps: UploaderDropzoneProps;
  readonly pasteProps: UploaderPasteProps;
  /** True while files are dragged over the drop area. */
  readonly isDragging: boolean;
  /** What went wrong with the last drop or paste as a whole, in words; null if nothing did. */
  readonly notice: string | null;
  /** The rules in force, after `accept` and `validation` are put together. */
  readonly validation: FileValidation;
  readonly multiple: boolean;
  readonly disabled: boolean;
  readonly poll: boolean;
  readonly labels: UploaderLabels;
  readonly store: UploadStore;
}

/** The props that all components share. */
export interface UploaderProps extends UploaderOptions {
  readonly className?: string | undefined;
  /** Draws the inside itself, with everything that `useUploader` gives. Drop, paste and announcements still work. */
  readonly children?: ((uploader: Uploader) => ReactNode) | undefined;
}
