import { FileRouteError } from "@reupload/sdk";
import { expressFileRouter } from "@reupload/sdk/express";

/** What the application knows of uploads. In memory, and gone at its end: a real application has a database. */
export const known = {
  /** Whose an upload or a file is, by its id. */
  owners: new Map(),
  /** What the webhook has told of each file. */
  ready: new Map(),
};

/** Prepare, complete, cancel, status, access and direct: what browsers ask. */
export const files = expressFileRouter({
  restrict: { maxBytes: 1024 ** 3, accept: "image/*,video/*,.pdf,.txt,.zip" },
  authorize(request, asked) {
    const id = asked.uploadId ?? asked.fileId;
    if (id && known.owners.get(id) !== request.visitor)
      throw new FileRouteError(404, "NOT_FOUND", "There is no such file.");
    return { ownerRef: request.visitor, folder: "examples" };
  },
  onUpload(request, { uploadId, fileId }) {
    known.owners.set(uploadId, request.visitor);
    known.owners.set(fileId, request.visitor);
  },
});
