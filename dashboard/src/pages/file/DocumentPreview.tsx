import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { FileInfo } from "@/api/wire";
import styles from "./Preview.module.css";

/** A PDF in the browser's own viewer. A frame does not tell of a refusal, so the address is tried first. */
export function DocumentPreview({ file, url, onFail }: { file: FileInfo; url: string; onFail: () => void }) {
  const { data: isThere, isError } = useQuery({
    queryKey: ["document preview", url],
    queryFn: async ({ signal }) => {
      const { ok, status } = await fetch(url, { method: "HEAD", credentials: "omit", signal });
      if (!ok) throw new Error(`The CDN host answered with status ${status}.`);
      return true;
    },
    staleTime: Infinity,
    retry: false,
    refetchOnWindowFocus: false,
  });
  const fail = useRef(onFail);
  fail.current = onFail;
  useEffect(() => {
    if (isError) fail.current();
  }, [isError]);
  if (!isThere) return <div className={styles.stage} aria-busy />;
  return (
    <iframe className={styles.document} src={`${url}#navpanes=0`} title={file.name} referrerPolicy="no-referrer" />
  );
}
