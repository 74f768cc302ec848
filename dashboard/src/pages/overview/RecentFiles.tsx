import { Link } from "react-router";
import type { ProjectName } from "@/api/projects";
import type { FileInfo } from "@/api/wire";
import { Thumbnail } from "@/files/Thumbnail";
import { useWorkspace } from "@/shell/workspace";
import { Bytes, Card, Time } from "@/ui";
import styles from "./RecentFiles.module.css";

type RecentFilesProps = { files: readonly FileInfo[]; projects: readonly ProjectName[] | undefined };

/** The newest files of all projects. */
export function RecentFiles({ files, projects = [] }: RecentFilesProps) {
  const { id } = useWorkspace();
  const names = new Map(projects.map((project) => [project.id, project.name]));
  return (
    <Card title="New files" flush>
      <ul className={styles.grid}>
        {files.map((file) => (
          <li key={file.id}>
            <Link to={`/w/${id}/p/${file.projectId}/files/${file.id}`} className={styles.file}>
              <Thumbnail file={file} size="small" />
              <span className={styles.words}>
                <span className={styles.name}>{file.name}</span>
                <span className={styles.facts}>
                  <Bytes value={file.sizeBytes} /> · <Time at={file.createdAt} />
                  {projects.length > 1 && ` · ${names.get(file.projectId) ?? ""}`}
                </span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
