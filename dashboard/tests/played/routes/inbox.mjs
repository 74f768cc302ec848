const FILE = "0197c1aa-0000-7000-8000-00000000f001";
const at = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();
/** A picture that needs no CDN: two hills below a sun. */
const PICTURE = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 300"><rect width="480" height="300" fill="#8ecae6"/>' +
    '<circle cx="360" cy="90" r="44" fill="#ffb703"/><path d="M0 300V200l140-90 150 110 90-60 100 70v70z" fill="#219ebc"/></svg>',
)}`;

let number = 0;
function entry(seconds, type, data, more = {}) {
  number += 1;
  const id = `evt_0197c1aa00007000800000000000000${number % 10}`;
  const event = { id, type, createdAt: at(seconds), workspaceId: FILE, projectId: FILE, ...more.event, data };
  const stamp = Math.round(Date.parse(at(seconds)) / 1000);
  return {
    number,
    receivedAt: at(seconds),
    headers: [
      ["content-type", "application/json"],
      ["reupload-signature", `t=${stamp},v1=${"de0b4e6e471ae1f1".repeat(4)}`],
      ["webhook-id", id],
      ["webhook-timestamp", `${stamp}`],
      ["webhook-signature", "v1,b3VyIHNpZ25hdHVyZSBpbiBiYXNlNjQgZm9yIGxvb2tz"],
      ["user-agent", "Reupload/0.1"],
    ],
    body: JSON.stringify(event),
    signatureProblem: null,
    standardProblem: null,
    deliveryId: FILE,
    attempt: 1,
    seenBefore: false,
    ...more.entry,
  };
}

const file = (name, mimeType, sizeBytes) => ({
  fileId: FILE,
  projectId: FILE,
  path: `files/${FILE}/${name}`,
  name,
  mimeType,
  sizeBytes,
  url: PICTURE,
  urlExpiresAt: at(-3600),
  isPublic: false,
});

export function routes(data) {
  const entries = [
    entry(600, "file.uploaded", file("contract-2026.pdf", "application/pdf", 482_113)),
    entry(480, "file.updated", {
      ...file("contract-2026-signed.pdf", "application/pdf", 482_113),
      changes: ["name", "folder"],
    }),
    entry(400, "file.failed", {
      uploadId: FILE,
      fileId: FILE,
      projectId: FILE,
      name: "setup.exe",
      reason: "CONTENT_TYPE_NOT_ALLOWED",
    }),
    entry(300, "file.deleted", {
      fileId: FILE,
      projectId: FILE,
      path: "x",
      name: "a-very-long-name-of-a-file-that-somebody-called-so-for-no-reason-2025.xlsx",
      deletedAt: at(300),
    }),
    entry(
      200,
      "file.uploaded",
      { name: "forged.png" },
      { entry: { signatureProblem: "Signed for another secret or body.", deliveryId: null, attempt: null } },
    ),
    entry(90, "file.uploaded", file("example.txt", "text/plain", 12), { event: { test: true } }),
    entry(60, "file.uploaded", file("harbour.png", "image/png", 1_843_200)),
    entry(12, "file.uploaded", file("harbour.png", "image/png", 1_843_200), {
      entry: { attempt: 2, seenBefore: true },
    }),
  ];
  const firstUpload =
    ". '/home/ada/app/reupload-data/dev.env' && echo hello > hello.txt && curl -H \"Authorization: Bearer $REUPLOAD_API_KEY\" " +
    '-F projectId=$REUPLOAD_PROJECT_ID -F file=@hello.txt "$REUPLOAD_API_BASE_URL/uploads/direct"';
  return {
    "GET /dev/webhooks/entries": ({ query }) =>
      query.has("after") ? new Promise(() => {}) : { entries: data === "none" ? [] : entries, firstUpload },
    "POST /dev/webhooks/test": () => ({ status: 202 }),
    "POST /dev/webhooks/replay": () => ({ status: 202 }),
  };
}
