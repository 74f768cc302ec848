import { useEffect, useRef, useState } from "react";
import { fetchAccess, publicAddress } from "@/api/files";
import type { FileInfo, Variant } from "@/api/wire";
import { cx } from "@/lib/cx";
import { useInSight } from "@/lib/useInSight";
import { useWorkspace } from "@/shell/workspace";
import { CATEGORY_WORDS } from "./category";
import styles from "./Thumbnail.module.css";
import { createThumbnailQueue } from "./thumbnailQueue";

// Browsers keep six connections to a host: some stay free for lists.
const queue = createThumbnailQueue(4);

type ThumbnailProps = {
  file: FileInfo;
  /** `tile` fills what holds it, `small` has 32px. */
  size: "tile" | "small";
};

/** The picture of a file, or the sign of its kind. It says nothing to screen readers: the name stands beside it. */
export function Thumbnail({ file, size }: ThumbnailProps) {
  const ref = useRef<HTMLSpanElement>(null);
  const variant: Variant = size === "tile" ? "thumb_320" : "thumb_64";
  const url = useThumbnailUrl(file, variant, useInSight(ref));
  const [broken, setBroken] = useState<string>();
  const Icon = CATEGORY_WORDS[file.category].icon;
  return (
    <span ref={ref} className={cx(styles.thumbnail, styles[size])} aria-hidden>
      {url && url !== broken ? (
        <img src={url} alt="" decoding="async" draggable={false} onError={() => setBroken(url)} />
      ) : (
        <span className={styles.sign}>
          <Icon size={size === "tile" ? 28 : 16} strokeWidth={size === "tile" ? 1.25 : 1.75} />
          {size === "tile" && ending(file.name)}
        </span>
      )}
    </span>
  );
}

/** What people call a kind of file by: `pdf` of `report.pdf`. */
function ending(name: string): string {
  const [, found = ""] = /\.([a-z0-9]{1,5})$/i.exec(name) ?? [];
  return found.toLowerCase();
}

function useThumbnailUrl(file: FileInfo, variant: Variant, inSight: boolean): string | undefined {
  const { can } = useWorkspace();
  const { id, workspaceId } = file;
  const address = publicAddress(file, { variant });
  // A viewer gets no signed addresses.
  const there = file.variants.includes(variant) && (address !== null || can("member"));
  const key = `${id} ${variant}`;
  const [found, setFound] = useState<{ key: string; url: string | undefined }>();
  const ready = address ?? queue.get(key) ?? (found?.key === key ? found.url : undefined);

  useEffect(() => {
    if (!there || !inSight || ready) return;
    return queue.want(
      key,
      () => fetchAccess(workspaceId, id, { variant, expiresIn: 3600 }),
      (url) => setFound({ key, url }),
    );
  }, [there, inSight, ready, key, workspaceId, id, variant]);

  return there && (inSight || ready) ? ready : undefined;
}
