import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { FileInfo } from "@/api/wire";
import { formatBytes } from "@/lib/format";
import { SkeletonText } from "@/ui";
import styles from "./Preview.module.css";

/** Bytes of a text that are fetched to be shown. */
const MOST = 100_000;

/** The beginning of a text. Read here and written as text, so that nothing of it runs, whatever it is. */
export function TextPreview({ file, url, onFail }: { file: FileInfo; url: string; onFail: () => void }) {
  const text = useQuery({
    queryKey: ["text preview", url],
    queryFn: async ({ signal }) => {
      const answer = await fetch(url, { headers: { Range: `bytes=0-${MOST - 1}` }, credentials: "omit", signal });
      if (!answer.ok) throw new Error(`The CDN host answered with status ${answer.status}.`);
      return decode(await answer.arrayBuffer(), file.sizeBytes > MOST);
    },
    staleTime: Infinity,
    retry: false,
    refetchOnWindowFocus: false,
    enabled: file.sizeBytes > 0,
  });
  const fail = useRef(onFail);
  fail.current = onFail;
  useEffect(() => {
    if (text.isError) fail.current();
  }, [text.isError]);
  if (text.data === undefined) return <SkeletonText lines={8} />;
  return (
    <div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard */}
      <section className={styles.text} tabIndex={0} aria-label={`Text of ${file.name}`}>
        <pre>{text.data}</pre>
      </section>
      {file.sizeBytes > MOST && (
        <p className={styles.note}>
          The first {formatBytes(MOST)} of {formatBytes(file.sizeBytes)}. Download the file to read on.
        </p>
      )}
    </div>
  );
}

/** UTF-8, without the half character that a cut may leave at the end. */
function decode(bytes: ArrayBuffer, cut: boolean): string {
  return new TextDecoder().decode(bytes, { stream: cut });
}
