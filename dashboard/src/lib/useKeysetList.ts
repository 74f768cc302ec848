import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { append, edit, type KeysetList, type KeysetPage, type KeysetRow, refresh } from "./keysetList";

type Known<Row> = { key: string; head: KeysetPage<Row>; list: KeysetList<Row> };

type Options<Row> = {
  /** As for `useQuery`: another key is another list. The first page is its data. */
  queryKey: readonly unknown[];
  fetchPage: (options: { cursor?: string; signal: AbortSignal }) => Promise<KeysetPage<Row>>;
  /** In how many milliseconds to load the first page again, by its rows; false for not at all. */
  nextLook?: (rows: readonly Row[]) => number | false;
};

/**
 * A list with keyset pages. The first page is a query, so that whatever renews queries renews it; the pages behind it are
 * loaded as they are wanted and kept. Coming back to a list, it is as long as it was.
 */
export function useKeysetList<Row extends KeysetRow>({ queryKey, fetchPage, nextLook }: Options<Row>) {
  const client = useQueryClient();
  const key = JSON.stringify(queryKey);
  const head = useQuery({
    queryKey: [...queryKey, "head"],
    queryFn: ({ signal }) => fetchPage({ signal }),
    refetchInterval: ({ state }) => nextLook?.(state.data?.rows ?? []) ?? false,
  });
  const remembered = useCallback((of: string) => client.getQueryData<Known<Row>>(["kept list", of]), [client]);
  const [known, setKnown] = useState<Known<Row>>();
  const [more, setMore] = useState<{ key: string; loading: boolean; error?: unknown }>();
  const running = useRef<AbortController>(undefined);

  // While rendering, so that no frame shows the page that was there before.
  if (head.data && (known?.key !== key || known.head !== head.data)) {
    const before = known?.key === key ? known : remembered(key);
    setKnown({ key, head: head.data, list: before ? refresh(before.list, head.data) : head.data });
  }

  useEffect(() => {
    if (known) client.setQueryData(["kept list", known.key], known);
  }, [client, known]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a page of another list is of no use any more
  useEffect(() => () => running.current?.abort(), [key]);

  const isCurrent = known?.key === key;
  const cursor = isCurrent ? known.list.cursor : null;
  const loadMore = async () => {
    if (cursor === null || (more?.key === key && more.loading)) return;
    const control = new AbortController();
    running.current = control;
    setMore({ key, loading: true });
    try {
      const page = await fetchPage({ cursor, signal: control.signal });
      // Not behind a list that has begun anew meanwhile: what lies between would be missing.
      setKnown((now) =>
        now?.key === key && now.list.cursor === cursor ? { ...now, list: append(now.list, page) } : now,
      );
      setMore({ key, loading: false });
    } catch (error) {
      // Given up, because another list is shown: whoever comes back to this one loads it anew.
      if (control.signal.aborted) setMore((now) => (now?.key === key ? undefined : now));
      else setMore({ key, loading: false, error });
    }
  };

  return {
    /** Undefined until something can be shown. Of the list before, while `isStale`. */
    rows: known?.list.rows,
    /** What is shown belongs to the key before; the new first page is on its way. */
    isStale: known !== undefined && !isCurrent,
    hasMore: cursor !== null,
    loadMore,
    isLoadingMore: more?.key === key && more.loading,
    moreError: more?.key === key ? more.error : undefined,
    /** Why the first page could not be loaded. */
    error: isCurrent ? null : head.error,
    retry: () => head.refetch(),
    /** Changes what is shown at once; the server's word comes with the next first page. */
    edit: (change: (row: Row) => Row | null) => setKnown((now) => now && { ...now, list: edit(now.list, change) }),
  };
}
