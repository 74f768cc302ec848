import { createUploadStore, ReuploadClient } from "@reupload/client";
import { path } from "@/api/client";
import { createUploads, type Target } from "./lanes";

/** The dashboard's own upload routes speak as those of any app do, so the published client is what uploads here too. */
const uploadClient = ({ workspace, folder }: Target) =>
  new ReuploadClient({
    apiUrl: `/api/dashboard${path`/workspaces/${workspace}`}`,
    fetch: (target, init) => fetch(target, inFolder(target, init, folder)),
  });

/** The client knows no folders: `folder` is the dashboard's own addition to the first request of an upload. */
function inFolder(target: Parameters<typeof fetch>[0], init: RequestInit | undefined, folder: string) {
  if (!folder || !String(target).endsWith("/uploads/prepare") || typeof init?.body !== "string") return init;
  return { ...init, body: JSON.stringify({ ...JSON.parse(init.body), folder }) };
}

export const uploads = createUploads((target) =>
  createUploadStore({ client: uploadClient(target), projectId: target.project }),
);
