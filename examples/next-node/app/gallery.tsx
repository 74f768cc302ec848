"use client";

import { formatBytes } from "@reupload/client";
import { useEffect, useState } from "react";
import { client } from "./client";

interface ReadyFile {
  fileId: string;
  name: string;
  mimeType: string;
  sizeBytes: number;
  thumbnail?: string | undefined;
}

/** What the webhook has told of. It is asked for again after each upload, until the file is there. */
export function Gallery({ completed }: { completed: number }) {
  const [files, setFiles] = useState<readonly ReadyFile[]>([]);

  useEffect(() => {
    let stopped = false;
    const thumbnail = async (file: ReadyFile) =>
      file.mimeType.startsWith("image/") ? (await client.getFileAccess(file.fileId, { variant: "thumb_160" })).url : undefined;
    const look = async () => {
      // The webhook may be a moment behind the upload's COMPLETED.
      for (let tries = 0; tries < 20 && !stopped; tries++) {
        const answer = await fetch("/api/files");
        if (!answer.ok) return;
        const { files: found } = (await answer.json()) as { files: ReadyFile[] };
        const shown = await Promise.all(found.map(async (file) => ({ ...file, thumbnail: await thumbnail(file) })));
        if (stopped) return;
        setFiles(shown);
        if (found.length >= completed) return;
        await new Promise((wake) => setTimeout(wake, 500));
      }
    };
    look().catch((error: unknown) => console.error(error));
    return () => {
      stopped = true;
    };
  }, [completed]);

  if (files.length === 0) return null;
  return (
    <section aria-labelledby="ready">
      <h2 id="ready">Ready</h2>
      <ul className="gallery">
        {files.map((file) => (
          <li key={file.fileId}>
            <button type="button" onClick={() => client.openFileInNewTab(file.fileId)}>
              {file.thumbnail ? <img src={file.thumbnail} alt="" /> : <span className="kind">{file.name.split(".").pop()}</span>}
              <span className="name">{file.name}</span>
              <span className="size">{formatBytes(file.sizeBytes)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
