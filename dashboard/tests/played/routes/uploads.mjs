import { PROJECT } from "./account.mjs";

const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();

const upload = (n, name, status, expectedSize, expectedMime, age, failureReason = null) => ({
  id: `0197c1cc-0000-7000-8000-${String(n).padStart(12, "0")}`,
  fileId: `0197c1bb-0000-7000-8000-${String(n).padStart(12, "0")}`,
  projectId: PROJECT,
  name,
  folder: "",
  uploadedVia: "api",
  status,
  expectedSize,
  expectedMime,
  failureReason,
  createdAt: ago(age),
  updatedAt: ago(age - 2),
});

export function routes(data) {
  const uploads =
    data === "none"
      ? []
      : [
          upload(900_001, "drone-footage.mov", "PENDING", 734_003_200, "video/quicktime", 90),
          upload(900_002, "slides.pptx", "UPLOADING", 6_400_120, "application/vnd.ms-powerpoint", 200),
          upload(900_003, "eicar.com", "FAILED", 68, "application/octet-stream", 3_000, "MALWARE_DETECTED"),
          upload(900_004, "holiday.jpg", "FAILED", 20_400, "image/jpeg", 9_000, "CONTENT_TYPE_NOT_ALLOWED"),
          upload(900_005, "backup-2026-11-26.tar.gz", "FAILED", 1_204_882_100, "application/gzip", 190_000, "EXPIRED"),
        ];
  let prepared = 0;
  return {
    "GET /workspaces/:w/uploads": ({ query }) => {
      const statuses = query.get("status")?.split(",");
      return { uploads: uploads.filter(({ status }) => statuses?.includes(status) ?? true), nextCursor: null };
    },
    "POST /workspaces/:w/uploads/prepare": ({ body }) => {
      prepared += 1;
      return body.filename.startsWith("refused")
        ? {
            status: 413,
            body: {
              error: "FILE_TOO_LARGE",
              message: "The file has 5.1 GB; this project takes files of up to 100 MB.",
            },
          }
        : {
            status: 201,
            body: {
              uploadId: `u${prepared}`,
              fileId: `f${prepared}`,
              uploadUrl: "/api/dashboard/played/put",
              expiresIn: 3600,
            },
          };
    },
    // Takes the bytes and does not answer, so that a picture can be taken of an upload under way.
    "PUT /played/put": () => new Promise(() => {}),
    "POST /workspaces/:w/uploads/cancel": () => ({ success: true }),
  };
}
