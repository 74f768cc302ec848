import { useEffect, useRef } from "react";
import { errorText } from "@/api/error";
import { Button } from "./Button";
import styles from "./LoadMore.module.css";
import { Notice } from "./Notice";

type LoadMoreProps = {
  hasMore: boolean;
  loading: boolean;
  onLoad: () => void;
  error?: unknown;
};

/** The end of a list with keyset pages: loads the next one when it comes near the window, or by its button. */
export function LoadMore({ hasMore, loading, onLoad, error }: LoadMoreProps) {
  const end = useRef<HTMLDivElement>(null);
  const load = useRef(onLoad);
  load.current = onLoad;
  // After an error only the button tries again.
  const watching = hasMore && !loading && !error;

  useEffect(() => {
    if (!watching || !end.current) return;
    // A busy page gets several entries at once: the last one is how it stands.
    const observer = new IntersectionObserver((entries) => entries.at(-1)?.isIntersecting && load.current(), {
      rootMargin: "800px 0px",
    });
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [watching]);

  if (!hasMore && !error) return null;
  return (
    <div ref={end} className={styles.end}>
      {error ? <Notice tone="red">{errorText(error)}</Notice> : null}
      <Button variant="quiet" busy={loading} onClick={onLoad}>
        {loading ? "Loading" : error ? "Try again" : "Load more"}
      </Button>
    </div>
  );
}
