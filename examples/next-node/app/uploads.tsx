"use client";

import { MultiFileUploader } from "@reupload/react";
import { useState } from "react";
import { client } from "./client";
import { Gallery } from "./gallery";

export function Uploads() {
  const [completed, setCompleted] = useState(0);
  return (
    <>
      <MultiFileUploader
        client={client}
        validation={{ maxBytes: 1024 ** 3, accept: "image/*,video/*,.pdf,.txt,.zip" }}
        onUploadComplete={() => setCompleted((count) => count + 1)}
      />
      <Gallery completed={completed} />
    </>
  );
}
