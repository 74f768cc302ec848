import { useEffect, useState } from "react";
import { ApiError } from "@/api/error";

/** Whole seconds until a refused call may be tried again (429 and 503 with `Retry-After`); 0 when it may now. */
export function useWait(error: unknown): number {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    const wait = error instanceof ApiError ? (error.extra.retryAfter ?? 0) : 0;
    const until = Date.now() + wait * 1000;
    setLeft(wait);
    if (wait === 0) return;
    const timer = setInterval(() => {
      const seconds = Math.max(0, Math.ceil((until - Date.now()) / 1000));
      setLeft(seconds);
      if (seconds === 0) clearInterval(timer);
    }, 250);
    return () => clearInterval(timer);
  }, [error]);
  return left;
}
