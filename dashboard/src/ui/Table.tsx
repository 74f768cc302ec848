import { type ReactNode, useRef } from "react";
import { Link } from "react-router";
import { cx } from "@/lib/cx";
import { choose as selectRows } from "@/lib/selection";
import { Checkbox } from "./Checkbox";
import { Skeleton } from "./Skeleton";
import styles from "./Table.module.css";
import { Windowed } from "./Windowed";

export type Column<Row> = {
  id: string;
  header: string;
  /** The header is for screen readers alone, as over a row's menu: where rows are stacked, a last such column goes to the corner. */
  hideHeader?: boolean;
  cell: (row: Row) => ReactNode;
  align?: "end";
  /** A CSS length. Columns without one share what is left. */
  width?: string;
  /** `medium`: only in a table of 860px and more. `stack`: also not where rows are stacked (under 600px). */
  hide?: "medium" | "stack" | "both";
};

export type TableProps<Row> = {
  /** What the rows are, for screen readers. */
  label: string;
  /** The first column names the row: it is the title where rows are stacked, and holds the link of `href`. */
  columns: readonly Column<Row>[];
  /** Undefined while they load: grey rows stand in. */
  rows: readonly Row[] | undefined;
  rowKey: (row: Row) => string;
  /** Where a press anywhere on the row leads. */
  href?: (row: Row) => string;
  /** Instead of `href`, what a press anywhere on the row does, such as opening a panel. */
  onOpen?: (row: Row) => void;
  selected?: ReadonlySet<string>;
  onSelect?: (selected: ReadonlySet<string>) => void;
  /** The name of a row for its checkbox. */
  rowLabel?: (row: Row) => string;
  /** In place of no rows: an `EmptyState`. */
  empty?: ReactNode;
};

const SKELETONS = [0, 1, 2, 3, 4];

export function Table<Row>(props: TableProps<Row>) {
  const { label, columns, rows, rowKey, selected, onSelect, rowLabel, empty } = props;
  const lastIndex = useRef<number>(undefined);
  if (rows?.length === 0 && empty) return empty;

  const keys = rows?.map(rowKey) ?? [];
  const all = keys.length > 0 && keys.every((key) => selected?.has(key));
  const some = keys.some((key) => selected?.has(key));

  const choose = (index: number, on: boolean, range: boolean) => {
    const from = range ? lastIndex.current : undefined;
    lastIndex.current = index;
    onSelect?.(selectRows(keys, selected ?? new Set(), { index, on, from }));
  };

  const headCheckbox = (label: string, hideLabel: boolean) => (
    <Checkbox
      label={label}
      hideLabel={hideLabel}
      checked={all}
      indeterminate={some && !all}
      onChange={() => onSelect?.(all ? new Set() : new Set(keys))}
    />
  );

  return (
    <div className={styles.around}>
      <div className={styles.tools}>{onSelect && rows && headCheckbox("Select all", false)}</div>
      <table className={styles.table} aria-label={label} aria-busy={!rows}>
        <thead>
          <tr>
            {onSelect && (
              <th className={styles.pick} scope="col">
                {headCheckbox("Select all rows", true)}
              </th>
            )}
            {columns.map((column) => (
              <th key={column.id} scope="col" className={cell(column, 1)} style={{ width: column.width }}>
                <span className={column.hideHeader ? "unseen" : undefined}>{column.header}</span>
              </th>
            ))}
          </tr>
        </thead>
        {rows ? (
          <Windowed items={rows} as="tbody" estimate={44}>
            {(part, start) =>
              part.map((row, offset) => {
                const key = rowKey(row);
                const index = start + offset;
                return (
                  <tr
                    key={key}
                    aria-rowindex={index + 2}
                    aria-selected={onSelect ? Boolean(selected?.has(key)) : undefined}
                    className={cx((props.href || props.onOpen) && styles.open, selected?.has(key) && styles.selected)}
                  >
                    {onSelect && (
                      <td className={styles.pick}>
                        <Checkbox
                          label={`Select ${rowLabel?.(row) ?? key}`}
                          hideLabel
                          checked={Boolean(selected?.has(key))}
                          onChange={(event) =>
                            choose(index, event.target.checked, (event.nativeEvent as MouseEvent).shiftKey)
                          }
                        />
                      </td>
                    )}
                    <Cells row={row} {...props} />
                  </tr>
                );
              })
            }
          </Windowed>
        ) : (
          <tbody>
            {SKELETONS.map((line) => (
              <tr key={line}>
                {onSelect && <td className={styles.pick} />}
                {columns.map((column, index) => (
                  <td key={column.id} className={cell(column, index)}>
                    <Skeleton width={index === 0 ? `${70 - line * 8}%` : "60%"} height="12px" />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        )}
      </table>
    </div>
  );
}

const cell = <Row,>({ align, hide }: Column<Row>, index: number) =>
  cx(
    index === 0 && styles.title,
    align && styles.end,
    (hide === "medium" || hide === "both") && styles.hideMedium,
    (hide === "stack" || hide === "both") && styles.hideStack,
  );

function Cells<Row>({ row, columns, href, onOpen }: TableProps<Row> & { row: Row }) {
  return columns.map((column, index) => {
    const content = column.cell(row);
    return (
      <td key={column.id} className={cell(column, index)} data-label={column.hideHeader ? undefined : column.header}>
        {index > 0 || !(href || onOpen) ? (
          content
        ) : href ? (
          <Link to={href(row)} className={styles.whole}>
            {content}
          </Link>
        ) : (
          <button type="button" className={styles.whole} onClick={() => onOpen?.(row)}>
            {content}
          </button>
        )}
      </td>
    );
  });
}
