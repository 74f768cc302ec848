import { FileRouteError } from "@reupload/sdk";
import { nextFileRouter } from "@reupload/sdk/next";
import { memory } from "@/lib/memory";
import { visitor } from "@/lib/visitor";

/** Prepare, complete, cancel, status and access: what the browser asks before and after it sends bytes to Reupload. */
export const { GET, POST } = nextFileRouter({
  restrict: { maxBytes: 1024 ** 3, accept: "image/*,video/*,.pdf,.txt,.zip" },
  async authorize(_request, asked) {
    const name = await visitor();
    const known = asked.uploadId ?? asked.fileId;
    if (known && memory.owners.get(known) !== name) throw new FileRouteError(404, "NOT_FOUND", "There is no such file.");
    return { ownerRef: name, folder: "examples" };
  },
  async onUpload(_request, { uploadId, fileId }) {
    const name = await visitor();
    memory.owners.set(uploadId, name);
    memory.owners.set(fileId, name);
  },
});
