import { Link } from "react-router";
import { type UsageDay, useUsageDays } from "@/api/usage";
import { formatBytes, formatMark } from "@/lib/format";
import { dayLabel } from "@/lib/limits";
import { Card, Chart, Skeleton } from "@/ui";
import styles from "./overview.module.css";

const DAYS = 30;

/** How storage grew and how many files came, in the last days. */
export function Growth({ workspace }: { workspace: string }) {
  const { data, error } = useUsageDays(workspace, undefined, DAYS);
  // The figures above are what matters; the usage page says why there are no days.
  if (error || data?.days.length === 0) return null;
  const points = (pick: (day: UsageDay) => number) =>
    data?.days.map((day) => ({ label: dayLabel(day.day), value: pick(day) }));
  return (
    <div className={styles.charts}>
      <Card
        title="Storage"
        description={`The last ${DAYS} days`}
        actions={<Link to={`/w/${workspace}/usage`}>Usage</Link>}
      >
        <Plot
          points={points((day) => day.storedBytes)}
          label={`Stored bytes in the last ${DAYS} days`}
          format={formatBytes}
        />
      </Card>
      <Card title="Uploads" description={`Each of the last ${DAYS} days`}>
        <Plot
          kind="bar"
          points={points((day) => day.uploads)}
          label={`Uploads on each of the last ${DAYS} days`}
          format={formatMark}
        />
      </Card>
    </div>
  );
}

type PlotProps = Omit<Parameters<typeof Chart>[0], "points"> & {
  points: Parameters<typeof Chart>[0]["points"] | undefined;
};

const Plot = ({ points, ...rest }: PlotProps) =>
  points ? <Chart {...rest} points={points} height={150} /> : <Skeleton height="150px" />;
