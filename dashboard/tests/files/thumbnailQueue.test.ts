import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createThumbnailQueue } from "@/files/thumbnailQueue";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

type Answer = { url: string; expiresIn: number | null };

/** Requests that are answered by hand. */
function server() {
  const asked: string[] = [];
  const answers = new Map<string, { resolve: (answer: Answer) => void; reject: (error: unknown) => void }>();
  const ask = (key: string) => () => {
    asked.push(key);
    return new Promise<Answer>((resolve, reject) => answers.set(key, { resolve, reject }));
  };
  const answer = async (key: string, expiresIn: number | null = 300) => {
    answers.get(key)?.resolve({ url: `https://cdn/${key}`, expiresIn });
    await vi.advanceTimersByTimeAsync(0);
  };
  const refuse = async (key: string, error: unknown) => {
    answers.get(key)?.reject(error);
    await vi.advanceTimersByTimeAsync(0);
  };
  return { asked, ask, answer, refuse };
}

it("asks for a few at a time, the newest first", async () => {
  const { asked, ask, answer } = server();
  const queue = createThumbnailQueue(2);
  for (const key of ["a", "b", "c", "d"]) queue.want(key, ask(key), () => {});
  expect(asked).toEqual(["a", "b"]);
  await answer("a");
  expect(asked).toEqual(["a", "b", "d"]);
  await answer("b");
  await answer("d");
  expect(asked).toEqual(["a", "b", "d", "c"]);
});

it("never asks for what left the window before its turn", async () => {
  const { asked, ask, answer } = server();
  const queue = createThumbnailQueue(1);
  queue.want("a", ask("a"), () => {});
  const leave = queue.want("b", ask("b"), () => {});
  leave();
  await answer("a");
  expect(asked).toEqual(["a"]);
});

it("keeps an address until a minute before it ends", async () => {
  const { ask, answer } = server();
  const queue = createThumbnailQueue(1);
  const settle = vi.fn();
  queue.want("a", ask("a"), settle);
  await answer("a", 300);
  expect(settle).toHaveBeenCalledWith("https://cdn/a");
  vi.advanceTimersByTime(239_000);
  expect(queue.get("a")).toBe("https://cdn/a");
  vi.advanceTimersByTime(2000);
  expect(queue.get("a")).toBeUndefined();
});

it("waits as long as a refusal says, and asks again", async () => {
  const { asked, ask, refuse, answer } = server();
  const queue = createThumbnailQueue(1);
  const settle = vi.fn();
  queue.want("a", ask("a"), settle);
  queue.want("b", ask("b"), () => {});
  await refuse("a", { extra: { retryAfter: 3 } });
  await vi.advanceTimersByTimeAsync(2900);
  expect(asked).toEqual(["a"]);
  await vi.advanceTimersByTimeAsync(200);
  expect(asked).toEqual(["a", "b"]);
  await answer("b");
  await answer("a");
  expect(settle).toHaveBeenCalledWith("https://cdn/a");
});

it("goes on after a failure, without an address for that one", async () => {
  const { asked, ask, refuse } = server();
  const queue = createThumbnailQueue(1);
  const settle = vi.fn();
  queue.want("a", ask("a"), settle);
  queue.want("b", ask("b"), () => {});
  await refuse("a", new Error("gone"));
  expect(settle).toHaveBeenCalledWith(undefined);
  expect(asked).toEqual(["a", "b"]);
});
