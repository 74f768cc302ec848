import { useLocation } from "react-router";

/**
 * The token of a one-time link, `…#token=…`: in the fragment, so that it reaches no server's log. It stays in the address
 * until it is used, for a reload; what follows must replace the entry in the history.
 */
export const useHashToken = (): string | undefined =>
  new URLSearchParams(useLocation().hash.slice(1)).get("token") ?? undefined;
