import { Skeleton } from "@/ui";
import styles from "./GridSkeleton.module.css";

const TILES = Array.from({ length: 12 }, (_, index) => index);

export const GridSkeleton = () => (
  <div className={styles.grid}>
    <span className="unseen">Loading</span>
    {TILES.map((tile) => (
      <div key={tile} className={styles.tile}>
        <div className={styles.picture} />
        <div className={styles.foot}>
          <Skeleton width={`${80 - (tile % 4) * 10}%`} height="12px" />
          <Skeleton width="50%" height="10px" />
        </div>
      </div>
    ))}
  </div>
);
