"use client";
import { FileUploader } from "@reupload/react";
import "@reupload/react/styles.css";

export function Receipts() {
  return (
    <FileUploader
      apiUrl="/api/reupload"
      accept="image/*, .pdf"
      validation={{ maxBytes: 10 * 1024 ** 2 }}
      onUploadComplete={({ fileId }) => console.log("stored as", fileId)}
    />
  );
}
