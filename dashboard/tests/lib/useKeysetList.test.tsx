import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { expect, it, vi } from "vitest";
import { useKeysetList } from "@/lib/useKeysetList";

type Row = { id: string; createdAt: string };
const row = (n: number): Row => ({
  id: `r${String(n).padStart(3, "0")}`,
  createdAt: `2026-11-29T08:00:00.${String(n).padStart(3, "0")}Z`,
});

/** A server with rows 1 to `newest`, newest first, three on a page. */
function server(newest: number) {
  const state = { newest, fail: false };
  const fetchPage = vi.fn(async ({ cursor }: { cursor?: string; signal?: AbortSignal }) => {
    if (state.fail) throw new Error("down");
    const from = cursor ? Number(cursor) : state.newest;
    const rows = [from, from - 1, from - 2].filter((n) => n > 0).map(row);
    return { rows, cursor: from - 3 > 0 ? String(from - 3) : null };
  });
  return { state, fetchPage };
}

function setup(
  { fetchPage }: ReturnType<typeof server>,
  client = new QueryClient({ defaultOptions: { queries: { retry: false } } }),
) {
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  const view = renderHook(({ name }) => useKeysetList<Row>({ queryKey: ["list", name], fetchPage }), {
    wrapper,
    initialProps: { name: "a" },
  });
  const ids = () => view.result.current.rows?.map(({ id }) => Number(id.slice(1)));
  return { ...view, client, ids };
}

it("loads page after page to the end", async () => {
  const { result, ids } = setup(server(7));
  await waitFor(() => expect(ids()).toEqual([7, 6, 5]));
  expect(result.current.hasMore).toBe(true);
  await act(() => result.current.loadMore());
  await act(() => result.current.loadMore());
  expect(ids()).toEqual([7, 6, 5, 4, 3, 2, 1]);
  expect(result.current.hasMore).toBe(false);
});

it("renews the first page alone, and keeps the others", async () => {
  const played = server(7);
  const { result, client, ids } = setup(played);
  await waitFor(() => expect(ids()).toBeDefined());
  await act(() => result.current.loadMore());
  played.fetchPage.mockClear();
  played.state.newest = 8;
  await act(() => client.invalidateQueries({ queryKey: ["list"] }));
  await waitFor(() => expect(ids()).toEqual([8, 7, 6, 5, 4, 3, 2]));
  expect(played.fetchPage).toHaveBeenCalledTimes(1);
});

it("is as long as it was for who comes back to it", async () => {
  const played = server(7);
  const first = setup(played);
  await waitFor(() => expect(first.ids()).toBeDefined());
  await act(() => first.result.current.loadMore());
  first.unmount();
  const again = setup(played, first.client);
  expect(again.ids()).toEqual([7, 6, 5, 4, 3, 2]);
});

it("shows the list before, marked, until another one is there", async () => {
  const { result, rerender, ids } = setup(server(7));
  await waitFor(() => expect(ids()).toBeDefined());
  rerender({ name: "b" });
  expect(result.current.isStale).toBe(true);
  expect(ids()).toEqual([7, 6, 5]);
  expect(result.current.hasMore).toBe(false);
  await waitFor(() => expect(result.current.isStale).toBe(false));
});

it("says why a page did not come, and tries it again", async () => {
  const played = server(7);
  const { result, ids } = setup(played);
  await waitFor(() => expect(ids()).toBeDefined());
  played.state.fail = true;
  await act(() => result.current.loadMore());
  expect(result.current.moreError).toEqual(new Error("down"));
  expect(ids()).toEqual([7, 6, 5]);
  played.state.fail = false;
  await act(() => result.current.loadMore());
  expect(result.current.moreError).toBeUndefined();
  expect(ids()).toEqual([7, 6, 5, 4, 3, 2]);
});

it("changes what is shown at once", async () => {
  const { result, ids } = setup(server(7));
  await waitFor(() => expect(ids()).toBeDefined());
  act(() => result.current.edit((each) => (each.id === "r006" ? null : each)));
  expect(ids()).toEqual([7, 5]);
});

it("looks again by itself when its rows ask for it, and then no more", async () => {
  const played = server(2);
  const nextLook = (rows: readonly Row[]) => (rows.length === 2 ? 20 : false);
  const client = new QueryClient();
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  const { result } = renderHook(
    () => useKeysetList<Row>({ queryKey: ["list"], fetchPage: played.fetchPage, nextLook }),
    { wrapper },
  );
  await waitFor(() => expect(result.current.rows).toHaveLength(2));
  played.state.newest = 3;
  await waitFor(() => expect(result.current.rows).toHaveLength(3));
  const calls = played.fetchPage.mock.calls.length;
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(played.fetchPage).toHaveBeenCalledTimes(calls);
});

it("puts a page that comes late behind no list that has begun anew", async () => {
  const played = server(7);
  const { result, client, ids } = setup(played);
  await waitFor(() => expect(ids()).toBeDefined());
  let answer = (_page: Awaited<ReturnType<typeof played.fetchPage>>) => {};
  played.fetchPage.mockImplementationOnce(
    () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  );
  let loading = Promise.resolve();
  act(() => {
    loading = result.current.loadMore();
  });
  played.state.newest = 20;
  await act(() => client.invalidateQueries({ queryKey: ["list"] }));
  await waitFor(() => expect(ids()).toEqual([20, 19, 18]));
  await act(async () => {
    answer({ rows: [row(4), row(3), row(2)], cursor: "1" });
    await loading;
  });
  expect(ids()).toEqual([20, 19, 18]);
  await act(() => result.current.loadMore());
  expect(ids()).toEqual([20, 19, 18, 17, 16, 15]);
});

it("goes on where it was for who left while a page was loading", async () => {
  const played = server(7);
  const { result, rerender, ids } = setup(played);
  await waitFor(() => expect(ids()).toBeDefined());
  played.fetchPage.mockImplementationOnce(
    ({ signal }: { signal?: AbortSignal }) =>
      new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
  );
  act(() => void result.current.loadMore());
  expect(result.current.isLoadingMore).toBe(true);
  rerender({ name: "b" });
  await waitFor(() => expect(result.current.isStale).toBe(false));
  rerender({ name: "a" });
  await waitFor(() => expect(result.current.isLoadingMore).toBe(false));
  await act(() => result.current.loadMore());
  expect(ids()).toEqual([7, 6, 5, 4, 3, 2]);
});
