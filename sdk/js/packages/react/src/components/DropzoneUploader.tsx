import { formatBytes, type UploadItem } from "@reupload/client";
import { DropArea, Notice } from "../parts/DropArea.js";
import { FileName } from "../parts/FileName.js";
import { ItemList } from "../parts/ItemList.js";
import { ItemActions, percentOf, Reason } from "../parts/ItemRow.js";
import { BangIcon, CheckIcon, UploadIcon } from "../parts/icons.js";
import { ProgressBar } from "../parts/ProgressBar.js";
import { Root } from "../parts/Root.js";
import { Thumbnail } from "../parts/Thumbnail.js";
import { Totals } from "../parts/Totals.js";
import type { Uploader, UploaderProps } from "../types.js";
import { useUploader } from "../use-uploader.js";

/** One tile: first a drop area, then the state of what was dropped. Of several files it lists only those that failed. */
export function DropzoneUploader({ className, children, ...options }: UploaderProps) {
  const uploader = useUploader(options);
  const [only, ...others] = uploader.items;
  return (
    <Root uploader={uploader} kind="tile" className={className} render={children}>
      {only === undefined ? (
        <DropArea uploader={uploader} />
      ) : others.length > 0 ? (
        <Several uploader={uploader} />
      ) : (
        <Single uploader={uploader} item={only} />
      )}
    </Root>
  );
}

function Single({ uploader, item }: { readonly uploader: Uploader; readonly item: UploadItem }) {
  const { labels } = uploader;
  const percent = percentOf(item);
  return (
    <div className="reupload-drop" data-state={item.state} data-reupload-item={item.id}>
      <div className="reupload-tile-picture">
        <Thumbnail file={item.file} type={item.type} />
        {item.state === "completed" && <CheckIcon />}
        {item.state === "error" && <BangIcon />}
      </div>
      <div className="reupload-tile-text">
        <FileName name={item.name} />
        <p className="reupload-quiet">
          <bdi>{formatBytes(item.size)}</bdi>
          <span className="reupload-state">
            <bdi>{labels.fileState(item)}</bdi>
          </span>
        </p>
        <Reason uploader={uploader} item={item} />
        {percent !== undefined && <ProgressBar label={labels.progress(item.name)} percent={percent} />}
      </div>
      <ItemActions uploader={uploader} item={item} />
      {!uploader.isUploading && <Another uploader={uploader} />}
      <Notice uploader={uploader} />
    </div>
  );
}

function Several({ uploader }: { readonly uploader: Uploader }) {
  const { failed, files, finished } = uploader.totals;
  const state = failed > 0 ? "error" : finished === files ? "completed" : "uploading";
  return (
    <>
      <div className="reupload-drop reupload-tile-several" data-state={state}>
        <span className="reupload-badge">
          {state === "error" ? <BangIcon /> : state === "completed" ? <CheckIcon /> : <UploadIcon />}
        </span>
        <Totals uploader={uploader} />
        {!uploader.isUploading && <Another uploader={uploader} />}
        <Notice uploader={uploader} />
      </div>
      <ItemList uploader={uploader} items={uploader.items.filter(({ state }) => state === "error")} />
    </>
  );
}

function Another({ uploader: { labels, open, disabled, multiple } }: { readonly uploader: Uploader }) {
  return (
    <button type="button" className="reupload-link" data-reupload-main onClick={open} disabled={disabled}>
      {multiple ? labels.addMore : labels.replace}
    </button>
  );
}
