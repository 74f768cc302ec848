import { ReuploadClient } from "@reupload/client";

/** Talks to this application's own routes, which talk to Reupload. */
export const client = new ReuploadClient({ apiUrl: "/api/reupload" });
