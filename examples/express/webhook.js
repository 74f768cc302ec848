import { expressWebhook } from "@reupload/sdk/express";
import { known } from "./uploads.js";

/** Reupload tells here of every file that is ready. The secret comes from REUPLOAD_WEBHOOK_SECRET. */
export const receive = expressWebhook({
  onEvent(event) {
    if (event.type === "file.uploaded") known.ready.set(event.data.fileId, event.data);
    if (event.type === "file.deleted") known.ready.delete(event.data.fileId);
  },
});
