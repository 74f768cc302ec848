import { ReuploadClient, type ReuploadClientOptions } from "./client.js";

type WithEnv = { env: Record<string, string | undefined> };

/**
 * A client whose `apiUrl` is `NEXT_PUBLIC_API_URL` (Next.js), else `VITE_API_URL` (Vite), as they were when the page was built.
 * Throws a TypeError that names them if neither is set.
 */
export function createReuploadClientFromEnv(options: Omit<ReuploadClientOptions, "apiUrl"> = {}): ReuploadClient {
  const apiUrl = nextUrl() || viteUrl();
  if (!apiUrl)
    throw new TypeError("Set NEXT_PUBLIC_API_URL or VITE_API_URL to where your backend has the file routes.");
  return new ReuploadClient({ ...options, apiUrl });
}

// Bundlers put the value in the place of exactly these words. Where none does, one of the objects may not be there.

function nextUrl(): string | undefined {
  try {
    return process.env.NEXT_PUBLIC_API_URL;
  } catch {
    return undefined;
  }
}

function viteUrl(): string | undefined {
  try {
    return (import.meta as unknown as WithEnv).env.VITE_API_URL;
  } catch {
    return undefined;
  }
}
