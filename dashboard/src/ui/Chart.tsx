import { type PointerEvent, useState } from "react";
import styles from "./Chart.module.css";

type Point = { label: string; value: number };

type ChartProps = {
  /** What it shows, for screen readers: `Stored bytes in the last 30 days`. */
  label: string;
  points: readonly Point[];
  kind?: "area" | "bar";
  /** Words for a value; plain digits without it. */
  format?: (value: number) => string;
  /** CSS pixels. */
  height?: number;
};

/** The plane in which it is drawn; it stretches to the width it gets. */
const WIDTH = 1000;
const HEIGHT = 100;

/** The next round number: one of 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten. */
function roundUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((step) => step * power >= value) ?? 10) * power;
}

export function Chart({ label, points, kind = "area", format = String, height = 180 }: ChartProps) {
  const [at, setAt] = useState<number>();
  const highest = Math.max(0, ...points.map((point) => point.value));
  const top = roundUp(highest);
  const step = WIDTH / Math.max(1, kind === "bar" ? points.length : points.length - 1);
  const x = (index: number) => (kind === "bar" ? (index + 0.5) * step : index * step);
  const y = (value: number) => HEIGHT - (value / top) * HEIGHT;
  const line = points
    .map((point, index) => `${index ? "L" : "M"}${x(index).toFixed(2)} ${y(point.value).toFixed(2)}`)
    .join("");
  const shown = at === undefined ? undefined : points[at];

  const point = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const part = (event.clientX - box.left) / box.width;
    const index = kind === "bar" ? Math.floor(part * points.length) : Math.round(part * (points.length - 1));
    setAt(Math.max(0, Math.min(points.length - 1, index)));
  };

  return (
    <figure className={styles.chart}>
      <div className={styles.plane} style={{ height }} onPointerMove={point} onPointerLeave={() => setAt(undefined)}>
        {[0, 0.5, 1].map((part) => (
          <div key={part} className={styles.rule} style={{ bottom: `${part * 100}%` }} aria-hidden>
            {/* Where all is nothing, there is no scale. */}
            {(part === 0 || highest > 0) && <span>{format(top * part)}</span>}
          </div>
        ))}
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
          {kind === "bar" ? (
            points.map((each, index) => (
              <rect
                key={each.label}
                className={styles.bar}
                data-at={index === at || undefined}
                x={x(index) - step * 0.36}
                width={step * 0.72}
                y={y(each.value)}
                height={HEIGHT - y(each.value)}
              />
            ))
          ) : (
            <>
              <path className={styles.area} d={`${line}L${x(points.length - 1)} ${HEIGHT}L0 ${HEIGHT}Z`} />
              <path className={styles.line} d={line} vectorEffect="non-scaling-stroke" />
            </>
          )}
        </svg>
        {shown && at !== undefined && (
          <>
            <div className={styles.cursor} style={{ left: `${(x(at) / WIDTH) * 100}%` }} aria-hidden />
            <div
              className={styles.readout}
              data-side={x(at) > WIDTH / 2 ? "left" : "right"}
              style={{ left: `${(x(at) / WIDTH) * 100}%` }}
              aria-hidden
            >
              <span>{shown.label}</span>
              <strong>{format(shown.value)}</strong>
            </div>
          </>
        )}
      </div>
      <figcaption className={styles.ends} aria-hidden>
        <span>{points[0]?.label}</span>
        <span>{points.length > 1 && points.at(-1)?.label}</span>
      </figcaption>
      {/* Around it, for a table is as high as its rows whatever the style says. */}
      <div className="unseen">
        <table>
          <caption>{label}</caption>
          <tbody>
            {points.map((each) => (
              <tr key={each.label}>
                <th scope="row">{each.label}</th>
                <td>{format(each.value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}
