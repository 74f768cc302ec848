/** Asks for the address of one thumbnail. */
type Ask = () => Promise<{ url: string; expiresIn: number | null }>;

type Waiting = { key: string; ask: Ask; settle: (url: string | undefined) => void };

/** An address is used no more this long before it ends, in milliseconds: it must still work when the picture is fetched. */
const MARGIN = 60_000;

/**
 * Addresses of thumbnails, as pictures come into sight. A few requests at a time, the newest first, since somebody who
 * scrolls looks at what came last; what has left the window before its turn is never asked for. A refusal with
 * `retryAfter` stops all for so long.
 */
export function createThumbnailQueue(atOnce: number, now: () => number = Date.now) {
  const known = new Map<string, { url: string; until: number }>();
  const waiting: Waiting[] = [];
  let running = 0;
  let paused = false;

  function pump(): void {
    if (paused) return;
    while (running < atOnce) {
      const next = waiting.pop();
      if (!next) return;
      running += 1;
      void run(next);
    }
  }

  function resume(): void {
    paused = false;
    pump();
  }

  async function run(entry: Waiting): Promise<void> {
    try {
      const { url, expiresIn } = await entry.ask();
      known.set(entry.key, { url, until: expiresIn === null ? Infinity : now() + expiresIn * 1000 - MARGIN });
      entry.settle(url);
    } catch (error) {
      const wait = retryAfter(error);
      if (wait > 0) {
        paused = true;
        setTimeout(resume, wait * 1000);
        waiting.unshift(entry);
      } else {
        entry.settle(undefined);
      }
    } finally {
      running -= 1;
      pump();
    }
  }

  return {
    /** The address, if it is known and still good. */
    get(key: string): string | undefined {
      const found = known.get(key);
      return found && found.until > now() ? found.url : undefined;
    },
    /** Waits for its turn; `settle` gets the address, or undefined if there is none. The answer takes the wish back. */
    want(key: string, ask: Ask, settle: (url: string | undefined) => void): () => void {
      const entry = { key, ask, settle };
      waiting.push(entry);
      pump();
      return () => {
        const index = waiting.indexOf(entry);
        if (index >= 0) waiting.splice(index, 1);
        entry.settle = () => {};
      };
    },
  };
}

function retryAfter(error: unknown): number {
  const extra = (error as { extra?: { retryAfter?: number } } | null)?.extra;
  return extra?.retryAfter ?? 0;
}
