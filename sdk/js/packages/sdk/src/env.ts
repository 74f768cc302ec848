import { Reupload, type ReuploadOptions } from "./client.js";

/**
 * A client from `REUPLOAD_API_KEY`, `REUPLOAD_PROJECT_ID` (the default project) and `REUPLOAD_API_BASE_URL`, as
 * `reupload dev` writes them to `dev.env`. What is given goes before the variables.
 *
 * @throws Error that names the key's variable if it is missing.
 */
export function createReuploadFromEnv(options: Partial<ReuploadOptions> = {}): Reupload {
  const apiKey = options.apiKey ?? variable("REUPLOAD_API_KEY");
  if (!apiKey) throw new Error("REUPLOAD_API_KEY is missing: set it to a key of your workspace (ru_…).");
  return new Reupload({
    ...options,
    apiKey,
    baseUrl: options.baseUrl ?? variable("REUPLOAD_API_BASE_URL"),
    defaultProjectId: options.defaultProjectId ?? variable("REUPLOAD_PROJECT_ID"),
  });
}

/** The variable's value; undefined if it is absent or blank, and where there is no `process`. */
export function variable(name: string): string | undefined {
  return globalThis.process?.env?.[name]?.trim() || undefined;
}
