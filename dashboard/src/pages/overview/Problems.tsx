import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { fetchUploads, uploadsKey } from "@/api/uploads";
import type { Upload } from "@/api/wire";
import { failureWords } from "@/files/failureWords";
import { Card, StatusDot, Time } from "@/ui";
import styles from "./Problems.module.css";

/** Failures shown. */
const SHOWN = 4;

/** Milliseconds: what failed longer ago is no news. */
const NEWS = 7 * 86_400_000;

export const useFailed = (workspace: string) =>
  useQuery({
    queryKey: [...uploadsKey(workspace), "lately"],
    queryFn: async ({ signal }) =>
      (await fetchUploads(workspace, { status: "FAILED" }, { limit: SHOWN, signal })).uploads,
  });

/** What failed lately of the newest failed uploads. Nothing at all where nothing did. */
export function Problems({ workspace, uploads = [] }: { workspace: string; uploads: readonly Upload[] | undefined }) {
  const failed = latest(uploads, Date.now());
  if (failed.length === 0) return null;
  return (
    <Card title="Failed lately" description="Uploads of the last 7 days that ended without a file." flush>
      <ul className={styles.list}>
        {failed.map((upload) => (
          <li key={upload.id}>
            <Link to={`/w/${workspace}/p/${upload.projectId}/files/${upload.fileId}`} className={styles.line}>
              <span className={styles.name}>{upload.name}</span>
              <StatusDot tone="red">{failureWords(upload.failureReason).title}</StatusDot>
              <span className={styles.at}>
                <Time at={upload.createdAt} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** What is news of the newest failed `uploads`. */
export const latest = (uploads: readonly Upload[], now: number): Upload[] =>
  uploads.filter(({ createdAt }) => now - Date.parse(createdAt) < NEWS);
