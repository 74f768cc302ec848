import { useQueries } from "@tanstack/react-query";
import { Link } from "react-router";
import type { ProjectName } from "@/api/projects";
import { fetchUploads, uploadsKey } from "@/api/uploads";
import type { Upload } from "@/api/wire";
import { failureWords } from "@/files/failureWords";
import { Card, StatusDot, Time } from "@/ui";
import styles from "./Problems.module.css";

/** Projects that are asked; failures shown. */
const MOST_PROJECTS = 8;
const SHOWN = 4;

/** Milliseconds: what failed longer ago is no news. */
const NEWS = 7 * 86_400_000;

/** What failed lately. Nothing at all where nothing did. */
export function Problems({
  workspace,
  projects = [],
}: {
  workspace: string;
  projects: readonly ProjectName[] | undefined;
}) {
  const answers = useQueries({
    queries: projects.slice(0, MOST_PROJECTS).map(({ id }) => ({
      queryKey: [...uploadsKey(workspace), "lately failed", id],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        fetchUploads(workspace, { project: id, status: "FAILED" }, { limit: SHOWN, signal }),
    })),
  });
  const failed = latest(
    answers.flatMap(({ data }) => data?.uploads ?? []),
    Date.now(),
  );
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

/** The newest of what failed lately. */
export const latest = (uploads: readonly Upload[], now: number): Upload[] =>
  uploads
    .filter(({ createdAt }) => now - Date.parse(createdAt) < NEWS)
    .sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt))
    .slice(0, SHOWN);
