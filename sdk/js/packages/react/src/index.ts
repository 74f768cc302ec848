"use client";

export { AvatarUploader, type AvatarUploaderProps } from "./components/AvatarUploader.js";
export { ButtonUploader } from "./components/ButtonUploader.js";
export { DropzoneUploader } from "./components/DropzoneUploader.js";
export { FileUploader } from "./components/FileUploader.js";
export { MultiFileUploader } from "./components/MultiFileUploader.js";
export { PendingUploadConfirm } from "./components/PendingUploadConfirm.js";
export {
  type ReuploadContextValue,
  ReuploadProvider,
  type ReuploadProviderProps,
  useReuploadContext,
} from "./context.js";
export { defaultLabels, type UploaderLabels } from "./labels.js";
export type {
  Uploader,
  UploaderDropzoneProps,
  UploaderInputProps,
  UploaderOptions,
  UploaderPasteProps,
  UploaderProps,
} from "./types.js";
export { useUploader } from "./use-uploader.js";
