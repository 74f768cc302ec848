import { nextWebhook } from "@reupload/sdk/next";
import { memory } from "@/lib/memory";

/** Reupload tells here of every file that is ready. The secret comes from REUPLOAD_WEBHOOK_SECRET. */
export const { POST } = nextWebhook({
  onEvent(event) {
    if (memory.seen.has(event.id)) return;
    memory.seen.add(event.id);
    if (event.type === "file.uploaded") memory.ready.set(event.data.fileId, event.data);
    if (event.type === "file.deleted") memory.ready.delete(event.data.fileId);
  },
});
