import { ReuploadClient } from "@reupload/client";
import { createContext, type ReactNode, useContext, useMemo } from "react";
import type { UploaderOptions } from "./types.js";

/** What a provider hands down: the client, if it has one, and its defaults for the common props. */
export interface ReuploadContextValue extends UploaderOptions {
  readonly client: ReuploadClient | undefined;
}

const ReuploadContext = createContext<ReuploadContextValue | null>(null);

export interface ReuploadProviderProps extends UploaderOptions {
  readonly children?: ReactNode;
}

/** Gives every component and hook below it a client, and defaults for the common props. A prop of their own goes first. */
export function ReuploadProvider({ children, ...defaults }: ReuploadProviderProps) {
  const outer = useContext(ReuploadContext);
  const client = useClient(defaults, outer);
  const value = { ...mergeOptions(outer, defaults), client };
  return <ReuploadContext.Provider value={value}>{children}</ReuploadContext.Provider>;
}

/** What the nearest `ReuploadProvider` gives. Throws outside of one. */
export function useReuploadContext(): ReuploadContextValue {
  const value = useContext(ReuploadContext);
  if (value === null) throw new Error("useReuploadContext was called outside of a <ReuploadProvider>.");
  return value;
}

/** `options` with the provider's values where they say nothing. Throws if no client comes from either. */
export function useResolvedOptions(options: UploaderOptions): UploaderOptions & { readonly client: ReuploadClient } {
  const outer = useContext(ReuploadContext);
  const client = useClient(options, outer);
  if (client === undefined) {
    throw new Error("Reupload has no client: pass `client` or `apiUrl`, or put the component in a <ReuploadProvider>.");
  }
  return { ...mergeOptions(outer, options), client };
}

function useClient(
  { client, apiUrl }: UploaderOptions,
  outer: ReuploadContextValue | null,
): ReuploadClient | undefined {
  const own = useMemo(
    () => (client || apiUrl === undefined ? undefined : new ReuploadClient({ apiUrl })),
    [client, apiUrl],
  );
  return client ?? own ?? outer?.client;
}

function mergeOptions(outer: UploaderOptions | null, options: UploaderOptions): UploaderOptions {
  const said = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return { ...outer, ...said, labels: { ...outer?.labels, ...options.labels } };
}
