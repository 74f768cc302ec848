import type { UploadItem } from "@reupload/client";
import type { Uploader } from "../types.js";
import { ItemRow } from "./ItemRow.js";

interface ItemListProps {
  readonly uploader: Uploader;
  /** The items to show; all of them if left out. */
  readonly items?: readonly UploadItem[];
}

export function ItemList({ uploader, items = uploader.items }: ItemListProps) {
  if (items.length === 0) return null;
  return (
    // biome-ignore lint/a11y/noRedundantRoles: Safari drops the list from a list without bullets
    <ul className="reupload-list" role="list" aria-label={uploader.labels.list}>
      {items.map((item) => (
        <ItemRow key={item.id} uploader={uploader} item={item} />
      ))}
    </ul>
  );
}
