/** A component in front of an app's backend and the real server: what is chosen can be fetched, unchanged. */
import { ReuploadClient } from "@reupload/client";
import { render } from "@testing-library/react";
import { expect, inject, test, vi } from "vitest";
import type {} from "../../../testing/server.js";
import { startBackend } from "../../client/tests/support/backend.js";
import { bytesOf } from "../../client/tests/support/files.js";
import { FileUploader } from "../src/index.js";
import { choose, drop, uploaded } from "./support/kit.js";

test("chosen and dropped files arrive", async () => {
  const backend = await startBackend(inject("server"));
  try {
    const client = new ReuploadClient({ apiUrl: backend.apiUrl });
    const onUploadComplete = vi.fn();
    render(<FileUploader client={client} onUploadComplete={onUploadComplete} pollOptions={{ intervalMs: 50 }} />);
    await choose(new File([bytesOf(300_000)], "größer 報告.bin", { type: "application/octet-stream" }));
    drop([new File(["plain text"], "note.txt", { type: "text/plain" })]);
    await uploaded(2);
    expect(onUploadComplete).toHaveBeenCalledTimes(2);
    const [{ fileId }] = onUploadComplete.mock.calls.find(([, { name }]) => name !== "note.txt") ?? [];
    const answer = await fetch((await client.getFileAccess(fileId)).url);
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytesOf(300_000))).toBe(true);
  } finally {
    await backend.stop();
  }
});
