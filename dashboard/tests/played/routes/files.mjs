import { PROJECT, WORKSPACE } from "./account.mjs";

const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();
const id = (n) => `0197c1bb-0000-7000-8000-${String(n).padStart(12, "0")}`;

/** A picture that looks like one, of a size and in colors of its own. */
const picture = (n, width = 320, height = 240) => {
  const hue = (n * 67) % 360;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 240" width="${width}" height="${height}"><defs><linearGradient id="s" x2="0" y2="1"><stop stop-color="hsl(${hue} 60% 78%)"/><stop offset="1" stop-color="hsl(${(hue + 40) % 360} 70% 88%)"/></linearGradient></defs><rect width="320" height="240" fill="url(#s)"/><circle cx="${60 + ((n * 37) % 200)}" cy="70" r="26" fill="hsl(${(hue + 50) % 360} 90% 92%)"/><path d="M0 190L70 ${110 + ((n * 13) % 40)}L130 170L200 ${100 + ((n * 29) % 50)}L320 200V240H0Z" fill="hsl(${hue} 35% 45%)"/><path d="M0 215L90 165L180 210L260 175L320 205V240H0Z" fill="hsl(${hue} 40% 30%)"/></svg>`;
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`;
};

const KINDS = [
  ["Harbor at dawn.jpg", "image/jpeg", "image", 2_841_220, "photos/2026"],
  ["quarterly-report-2026-q3.pdf", "application/pdf", "document", 812_400, "reports"],
  ["team-offsite-group-photo-final-really-final-version-2.png", "image/png", "image", 5_120_331, "photos/2026"],
  ["product walkthrough.mp4", "video/mp4", "video", 148_220_118, "videos"],
  ["写真 2026-11-02.webp", "image/webp", "image", 388_020, "photos/2026"],
  ["settings.json", "application/json", "code", 1_204, ""],
  ["podcast-episode-14.mp3", "audio/mpeg", "audio", 38_118_002, "audio"],
  ["backup-2026-11-28.tar.gz", "application/gzip", "archive", 1_204_882_100, "backups"],
  ["avatar.png", "image/png", "image", 48_112, "avatars"],
  ["invoice-10442.pdf", "application/pdf", "document", 96_120, "invoices/2026"],
  ["invoice-10443.pdf", "application/pdf", "document", 97_004, "invoices/2026"],
  ["contract (signed).pdf", "application/pdf", "document", 1_420_550, "invoices/2026"],
  ["release-notes.md", "text/markdown", "document", 6_421, ""],
  ["firmware.bin", "application/octet-stream", "other", 8_388_608, "builds"],
];

function file(n) {
  const [name, mimeType, category, sizeBytes, folder] = KINDS[n % KINDS.length];
  const isPublic = [1, 7, 10].includes(n % KINDS.length);
  const [stem, ending] = [name.replace(/\.[^.]+$/, ""), name.split(".").pop()];
  const shown = n < KINDS.length ? name : `${stem} ${n}.${ending}`;
  return {
    id: id(n),
    workspaceId: WORKSPACE,
    projectId: PROJECT,
    name: shown,
    originalName: n === 0 ? "IMG_4711.JPG" : shown,
    mimeType,
    sizeBytes,
    category,
    isPublic,
    publicUrl: isPublic ? `https://cdn.example.com/v1/files/${id(n)}/${encodeURIComponent(shown)}` : null,
    uploadedVia: n % 3 ? "api" : "dashboard",
    createdAt: ago(n < 12 ? 40 + n * n * 900 : 40 + 12 * 12 * 900 + n * 120),
    updatedAt: ago(30 + n * 400),
    sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    folder,
    metadata: n === 0 ? { campaign: "winter-2026", photographer: "Grace Hopper", order: "10442" } : {},
    ownerRef: n === 0 ? "user_8812" : null,
    variants: category === "image" ? ["thumb_64", "thumb_160", "thumb_320"] : [],
    scan: n % 4 === 1 ? "skipped" : "clean",
  };
}

const COUNT = { none: 0, little: 14, many: 100_000 };

const FOLDERS = {
  "": [
    ["audio", 1],
    ["avatars", 1],
    ["backups", 1],
    ["builds", 1],
    ["invoices", 3],
    ["photos", 3],
    ["reports", 1],
    ["videos", 1],
  ],
  invoices: [["2026", 3]],
  photos: [
    ["2025", 0],
    ["2026", 3],
  ],
};

export function routes(data) {
  const files = Array.from({ length: COUNT[data] ?? 0 }, (_, n) => file(n));
  const find = (wanted) => files[Number(wanted.slice(-12))];
  return {
    "GET /workspaces/:w/files": ({ query }) => {
      const [folder, search, category] = ["folder", "search", "category"].map((name) => query.get(name));
      const narrowed = ["folder", "search", "kind", "projectId"].some(
        (name) => query.get(name) && query.get(name) !== PROJECT,
      );
      const found = !narrowed
        ? files
        : files.filter(
            (each) =>
              (query.get("projectId") ?? PROJECT) === PROJECT &&
              (folder === null ||
                each.folder === folder ||
                (query.get("recursive") === "true" && each.folder.startsWith(folder))) &&
              (search === null || `${each.folder}/${each.name}`.toLowerCase().includes(search.toLowerCase())) &&
              (category === null || each.category === category),
          );
      const start = Number(query.get("cursor") ?? 0);
      // To have all of many soon, for tests/many.
      const end = start + Number((start > 0 && process.env.PLAYED_PAGE) || (query.get("limit") ?? 50));
      return { files: found.slice(start, end), nextCursor: end < found.length ? String(end) : null };
    },
    "GET /workspaces/:w/folders": ({ query }) => {
      const parent = query.get("folder") ?? "";
      const names = data === "none" ? [] : (FOLDERS[parent] ?? []);
      return {
        folders: names.map(([name, files]) => ({
          folder: parent ? `${parent}/${name}` : name,
          files,
          sizeBytes: files * 1e6,
        })),
        hasMore: false,
      };
    },
    "GET /workspaces/:w/files/:id": ({ params }) => {
      const found = find(params.id);
      return found && { file: found };
    },
    "PATCH /workspaces/:w/files/:id": ({ params, body }) => ({ file: { ...find(params.id), ...body } }),
    "POST /workspaces/:w/files/delete": ({ body }) => ({ deleted: body.fileIds, notFound: [] }),
    "GET /workspaces/:w/files/:id/access": ({ params, query }) => {
      const found = find(params.id);
      const variant = query.get("variant") ?? "original";
      const n = Number(params.id.slice(-12));
      const url =
        found?.category === "image" && !query.get("expiresIn")?.startsWith("86")
          ? picture(n, variant === "original" ? 960 : 320, variant === "original" ? 720 : 240)
          : found?.mimeType === "application/json"
            ? "/api/dashboard/me"
            : `https://cdn.example.com/v1/files/${params.id}/file?exp=1798531200&kid=a1&sig=3f0c9d5be1f14799a581aa27356a816e4644ac3e5cc1a20ce2e475557ae8de0b`;
      return {
        access: { url, accessType: "cdn", expiresIn: Number(query.get("expiresIn") ?? 300), variant, download: false },
      };
    },
    "GET /workspaces/:w/files/:id/timeline": ({ params }) => {
      const n = Number(params.id.slice(-12));
      const at = (seconds) => ago(50 + (n % 1000) * 900 - seconds);
      const entry = (seconds, step, detail = {}) => ({ at: at(seconds), step, detail });
      if (n >= 900_000) return { entries: HISTORY[n]?.(entry) ?? [] };
      return {
        entries: [
          entry(0, "opened", { expectedSize: 2_841_220 }),
          entry(2.2, "received", { sizeBytes: 2_841_220 }),
          entry(2.4, "accepted"),
          entry(2.9, "stripped", { from: 2_841_220, to: 2_839_001 }),
          entry(6.1, "scanned", { scan: n % 4 === 1 ? "skipped" : "clean" }),
          entry(6.4, "thumbnails", { made: ["thumb_64", "thumb_160", "thumb_320"] }),
          entry(6.4, "published", { mimeType: "image/jpeg", sizeBytes: 2_839_001 }),
          entry(20, "updated", { changes: ["name", "folder"] }),
        ],
      };
    },
  };
}

/** Histories of uploads without a file; see uploads.mjs. */
const HISTORY = {
  900001: (entry) => [entry(0, "opened", { expectedSize: 734_003_200 })],
  900002: (entry) => [
    entry(0, "accepted", { sizeBytes: 6_400_120 }),
    entry(3, "scan_waiting", { message: "clamd at 127.0.0.1:3310 refuses the connection." }),
  ],
  900003: (entry) => [
    entry(0, "accepted", { sizeBytes: 68 }),
    entry(1.4, "failed", { reason: "MALWARE_DETECTED", message: "The scanner found malware: Eicar-Test-Signature." }),
  ],
  900004: (entry) => [
    entry(0, "opened", { expectedSize: 20_400 }),
    entry(1, "received", { sizeBytes: 20_400 }),
    entry(1.3, "accepted"),
    entry(1.9, "failed", {
      reason: "CONTENT_TYPE_NOT_ALLOWED",
      message: "This project does not take application/zip; it takes image/* and application/pdf.",
    }),
  ],
  900005: (entry) => [
    entry(0, "opened", { expectedSize: 1_204_882_100 }),
    entry(3600, "failed", {
      reason: "EXPIRED",
      message: "The session's time was over before its bytes were complete.",
    }),
  ],
};
