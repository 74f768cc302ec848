import { Globe } from "lucide-react";
import { memo, useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import type { FileInfo } from "@/api/wire";
import { FileMenu } from "@/files/FileMenu";
import { Thumbnail } from "@/files/Thumbnail";
import type { FileActions } from "@/files/useFileActions";
import { cx } from "@/lib/cx";
import { choose } from "@/lib/selection";
import { Bytes, Checkbox, Time, Windowed } from "@/ui";
import styles from "./FileGrid.module.css";

/** CSS pixels: the least width of a tile, the gap between two, and what a tile is high below its picture. */
const TILE = 190;
const GAP = 16;
const FOOT = 62;

/** Rows of tiles in a piece that is drawn or left out as a whole. */
const ROWS = 6;

type FileGridProps = {
  files: readonly FileInfo[];
  href: (file: FileInfo) => string;
  actions: FileActions;
  selected: ReadonlySet<string>;
  onSelect: (selected: ReadonlySet<string>) => void;
};

export function FileGrid({ files, href, actions, selected, onSelect }: FileGridProps) {
  const ref = useRef<HTMLDivElement>(null);
  const { columns, width } = useColumns(ref);
  const last = useRef<number>(undefined);
  // Tiles keep the same function from one drawing to the next, or each press would draw them all.
  const pick = useRef((_index: number, _on: boolean, _range: boolean) => {});
  pick.current = (index, on, range) => {
    const keys = files.map(({ id }) => id);
    onSelect(choose(keys, selected, { index, on, from: range ? last.current : undefined }));
    last.current = index;
  };
  const tile = (width - (columns - 1) * GAP) / columns;
  const row = tile * 0.75 + FOOT + GAP;

  return (
    <div ref={ref} className={styles.around}>
      {columns > 0 && (
        <Windowed key={columns} items={files} size={columns * ROWS} estimate={row / columns} className={styles.grid}>
          {(part, start) =>
            part.map((file, offset) => (
              <Tile
                key={file.id}
                file={file}
                index={start + offset}
                href={href(file)}
                actions={actions}
                selected={selected.has(file.id)}
                selecting={selected.size > 0}
                pick={pick}
              />
            ))
          }
        </Windowed>
      )}
    </div>
  );
}

function useColumns(ref: React.RefObject<HTMLElement | null>) {
  const [size, setSize] = useState({ columns: 0, width: 0 });
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => {
      const width = entry?.contentRect.width ?? 0;
      // Two on a phone, however narrow it is.
      const columns = Math.max(2, Math.floor((width + GAP) / (TILE + GAP)));
      setSize((now) => (now.columns === columns && Math.abs(now.width - width) < 8 ? now : { columns, width }));
      element.style.setProperty("--columns", String(columns));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return size;
}

type TileProps = {
  file: FileInfo;
  index: number;
  href: string;
  actions: FileActions;
  selected: boolean;
  /** Something is selected: the checkboxes stay in sight. */
  selecting: boolean;
  pick: React.RefObject<(index: number, on: boolean, range: boolean) => void>;
};

const Tile = memo(function Tile({ file, index, href, actions, selected, selecting, pick }: TileProps) {
  return (
    <article className={cx(styles.tile, selected && styles.selected, selecting && styles.selecting)}>
      <div className={styles.picture}>
        <Thumbnail file={file} size="tile" />
      </div>
      <div className={styles.foot}>
        <Link to={href} className={styles.name} title={file.name} draggable={false}>
          {file.name}
        </Link>
        <div className={styles.facts}>
          {file.isPublic && <Globe size={12} aria-label="Public" role="img" />}
          <p>
            <Bytes value={file.sizeBytes} />
            <span aria-hidden> · </span>
            <Time at={file.createdAt} />
          </p>
        </div>
      </div>
      <div className={styles.menu}>
        <FileMenu file={file} actions={actions} />
      </div>
      <Checkbox
        className={styles.pick}
        label={`Select ${file.name}`}
        hideLabel
        checked={selected}
        onChange={(event) => pick.current(index, event.target.checked, (event.nativeEvent as MouseEvent).shiftKey)}
      />
    </article>
  );
}, sameTile);

/** The actions are new with each drawing of the page, but always do the same. */
function sameTile(before: TileProps, after: TileProps): boolean {
  return (
    before.file === after.file &&
    before.index === after.index &&
    before.href === after.href &&
    before.selected === after.selected &&
    before.selecting === after.selecting
  );
}
