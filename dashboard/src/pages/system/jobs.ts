const NAMES: Record<string, string> = {
  process: "Checking uploads",
  picture: "Making thumbnails",
  deliver: "Sending webhooks",
  delete_blob: "Removing bytes",
};

/** What the server calls `process` or `delete_blob`, in words. */
export const jobName = (kind: string): string => NAMES[kind] ?? kind;
