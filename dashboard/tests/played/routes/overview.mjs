import { PROJECT } from "./account.mjs";

/** Only what the overview needs of usage and keys. */
export function routes(data) {
  const none = data === "none";
  const figures = {
    storedBytes: none ? 0 : 41_882_400_112,
    reservedBytes: none ? 0 : 740_403_320,
    maxBytes: 50_000_000_000,
    storedFiles: none ? 0 : 12_480,
    reservedFiles: none ? 0 : 2,
    maxFiles: null,
    maxFileSize: 5_000_000_000,
  };
  const days = Array.from({ length: 30 }, (_, n) => ({
    day: new Date(Date.now() - (29 - n) * 86_400_000).toISOString().slice(0, 10),
    storedBytes: none ? 0 : 20_000_000_000 + n * 640_000_000 + ((n * 7919) % 11) * 180_000_000,
    files: none ? 0 : 9_000 + n * 115,
    uploads: none ? 0 : 40 + ((n * 7919) % 90),
    deliveriesFailed: 0,
  }));
  return {
    "GET /workspaces/:w/usage": () => ({
      workspace: figures,
      projects: none ? [] : [{ ...figures, projectId: PROJECT, name: "Customer portal" }],
    }),
    "GET /workspaces/:w/usage/days": () => ({ days }),
    "GET /workspaces/:w/keys": () => ({ keys: [] }),
  };
}
