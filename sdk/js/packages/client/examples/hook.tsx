"use client";
import { ReuploadClient } from "@reupload/client";
import { useReuploadUpload } from "@reupload/client/react";
import type { ChangeEvent } from "react";

const client = new ReuploadClient({ apiUrl: "/api/reupload" });
const validation = { maxBytes: 10 * 1024 ** 2, accept: "image/*" };

export function PhotoUpload() {
  const { state, upload, isUploading } = useReuploadUpload({ client, validation });
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    if (file) upload(file);
  };
  return (
    <div>
      <input type="file" accept={validation.accept} aria-label="Photo" disabled={isUploading} onChange={choose} />
      {state.status === "uploading" && <progress max={100} value={state.progress?.percent ?? 0} />}
      {state.status === "processing" && <p>The photo is checked …</p>}
      {state.status === "completed" && <p>Stored as {state.result.fileId}</p>}
      {state.status === "error" && <p role="alert">{state.error.message}</p>}
    </div>
  );
}
