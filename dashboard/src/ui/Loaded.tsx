import type { ReactNode } from "react";
import { ErrorState } from "./EmptyState";

type LoadedProps = {
  query: { error: unknown; data: unknown; refetch: () => unknown };
  /** Draws its own skeletons while nothing has come yet. */
  children: ReactNode;
};

/** What a query brings, or why nothing came. An error while renewing leaves what is there in its place. */
export const Loaded = ({ query, children }: LoadedProps) =>
  query.error && query.data === undefined ? (
    <ErrorState error={query.error} onRetry={() => query.refetch()} />
  ) : (
    children
  );
