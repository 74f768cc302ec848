import { Globe } from "lucide-react";
import { memo, useLayoutEffect, useRef, useState } from "react";
import { Link } from "react-router";
import type { FileInfo } from "@/api/wire";
import { FileMenu } from "@/files/FileMenu";
import { Thumbnail } from "@/files/Thumbnail";
import type { FileActions } from "@/files/useFileActions";
import { cx } from "@/lib/cx";
import { choose } from "@/lib/selection";
import { Bytes, Checkbox, Time, Windowed } from "@/ui";
import styles from "./FileGrid.module.css";

/** CSS pixels: the least width of a tile, the gap between two, and what a tile is high below its picture of 4:3. */
const TILE = 190;
const GAP = 16;
const FOOT = 62;
/** Rows a piece of the windowed list. */
const PIECE = 3;

type FileGridProps = {
  files: readonly FileInfo[];
  href: (file: FileInfo) => string;
  actions: FileActions;
  selected: ReadonlySet<string>;
  onSelect: ((selected: ReadonlySet<string>) => void) | undefined;
};

export function FileGrid({ files, href, actions, selected, onSelect }: FileGridProps) {
  const ref = useRef<HTMLDivElement>(null);
  const { columns, width } = useColumns(ref);
  const last = useRef<number>(undefined);
  // Tiles keep the same function from one drawing to the next, or each press would draw them all.
  const pick = useRef((_index: number, _on: boolean, _range: boolean) => {});
  pick.current = (index, on, range) => {
    const keys = files.map(({ id }) => id);
    onSelect?.(choose(keys, selected, { index, on, from: range ? last.current : undefined }));
    last.current = index;
  };
  const tile = (width - (columns - 1) * GAP) / columns;
  const rowHeight = Math.round(tile * 0.75) + FOOT + GAP;

  return (
    <div ref={ref} className={styles.around}>
      {columns > 0 && (
        <Windowed
          items={files}
          size={columns * PIECE}
          estimate={rowHeight / columns}
          className={styles.piece}
          style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`, gridAutoRows: rowHeight - GAP }}
        >
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
                pick={onSelect && pick}
              />
            ))
          }
        </Windowed>
      )}
    </div>
  );
}

/** How many tiles fit beside each other, and into how many pixels. */
function useColumns(ref: React.RefObject<HTMLElement | null>) {
  const [size, setSize] = useState({ columns: 0, width: 0 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const measure = () => {
      const width = element.clientWidth;
      // Two on a phone, however narrow it is.
      const columns = Math.max(2, Math.floor((width + GAP) / (TILE + GAP)));
      setSize((now) => (now.columns === columns && now.width === width ? now : { columns, width }));
    };
    measure();
    const observer = new ResizeObserver(measure);
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
  /** Without it nothing can be selected. */
  pick: React.RefObject<(index: number, on: boolean, range: boolean) => void> | undefined;
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
      {pick && (
        <Checkbox
          className={styles.pick}
          label={`Select ${file.name}`}
          hideLabel
          checked={selected}
          onChange={(event) => pick.current(index, event.target.checked, (event.nativeEvent as MouseEvent).shiftKey)}
        />
      )}
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
