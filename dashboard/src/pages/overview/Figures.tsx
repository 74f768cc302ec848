import type { ReactNode } from "react";
import { Link } from "react-router";
import { errorText } from "@/api/error";
import type { Usage } from "@/api/usage";
import { formatBytes, formatNumber } from "@/lib/format";
import { fill, fillTone } from "@/lib/limits";
import { useWorkspace } from "@/shell/workspace";
import { Notice, Progress, Skeleton } from "@/ui";
import styles from "./Figures.module.css";

export function Figures({ usage, error }: { usage: Usage | undefined; error: unknown }) {
  const { id } = useWorkspace();
  if (error) return <Notice tone="amber">The figures could not be loaded. {errorText(error)}</Notice>;
  const now = usage?.workspace;
  return (
    <div className={styles.figures}>
      <Figure name="Storage" value={now && formatBytes(now.storedBytes)}>
        {now && (
          <Limit name="storage" used={now.storedBytes + now.reservedBytes} most={now.maxBytes} format={formatBytes} />
        )}
      </Figure>
      <Figure name="Files" value={now && formatNumber(now.storedFiles)}>
        {now && (
          <Limit name="files" used={now.storedFiles + now.reservedFiles} most={now.maxFiles} format={formatNumber} />
        )}
      </Figure>
      <Figure name="Running uploads" value={now && formatNumber(now.reservedFiles)}>
        {now && (
          <p>{now.reservedBytes > 0 ? `${formatBytes(now.reservedBytes)} on their way` : "Nothing on its way"}</p>
        )}
      </Figure>
      <Figure name="Projects" value={usage && formatNumber(usage.projects.length)}>
        <p>
          <Link to={`/w/${id}/projects`}>All projects</Link>
        </p>
      </Figure>
    </div>
  );
}

const Figure = ({ name, value, children }: { name: string; value: string | undefined; children?: ReactNode }) => (
  <section className={styles.figure}>
    <h2>{name}</h2>
    <p className={styles.value}>{value ?? <Skeleton width="5ch" height="22px" />}</p>
    <div className={styles.below}>{children}</div>
  </section>
);

type LimitProps = { name: string; used: number; most: number | null; format: (value: number) => string };

function Limit({ name, used, most, format }: LimitProps) {
  const part = fill(used, most);
  if (most === null || part === null) return <p>No limit</p>;
  return (
    <>
      <Progress label={`Part of the limit on ${name}`} value={part} tone={fillTone(part)} />
      <p>of {format(most)}</p>
    </>
  );
}
