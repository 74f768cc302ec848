import { formatBytes, type UploadItem } from "@reupload/client";
import type { Uploader } from "../types.js";
import { IconButton } from "./Button.js";
import { FileName } from "./FileName.js";
import { AlertIcon, CheckIcon, CloseIcon, RetryIcon } from "./icons.js";
import { ProgressBar } from "./ProgressBar.js";
import { Thumbnail } from "./Thumbnail.js";

interface RowProps {
  readonly uploader: Uploader;
  readonly item: UploadItem;
}

/** How far a file is, in percent: null while that cannot be told, undefined if it is not on its way. */
export function percentOf({ state, progress }: UploadItem): number | null | undefined {
  if (state === "processing") return null;
  if (state === "queued") return 0;
  return state === "uploading" ? (progress?.percent ?? null) : undefined;
}

export function ItemRow({ uploader, item }: RowProps) {
  const { labels } = uploader;
  const percent = percentOf(item);
  return (
    <li className="reupload-item" data-state={item.state} data-reupload-item={item.id}>
      <Thumbnail file={item.file} type={item.type} />
      <div className="reupload-item-text">
        <FileName name={item.name} />
        <p className="reupload-quiet">
          <bdi>{formatBytes(item.size)}</bdi>
          <span className="reupload-state">
            {item.state === "completed" && <CheckIcon />}
            {item.state === "error" && <AlertIcon />}
            <bdi>{labels.fileState(item)}</bdi>
          </span>
        </p>
        <Reason uploader={uploader} item={item} />
        {percent !== undefined && <ProgressBar label={labels.progress(item.name)} percent={percent} />}
      </div>
      <ItemActions uploader={uploader} item={item} />
    </li>
  );
}

/** Why an item failed, in words. */
export function Reason({ uploader: { labels, validation }, item }: RowProps) {
  if (item.state !== "error" || item.error === null) return null;
  return (
    <p className="reupload-reason">
      <bdi>{labels.error(item.error, item, validation)}</bdi>
    </p>
  );
}

/** What can be done with an item in its state. While the server checks a file there is nothing to stop. */
export function ItemActions({ uploader, item }: RowProps) {
  const { labels, disabled, poll, cancel, retry, remove } = uploader;
  const { id, name, state } = item;
  if (state === "queued" || state === "uploading") {
    return (
      <div className="reupload-actions">
        <IconButton label={labels.cancel(name)} disabled={disabled} onClick={() => cancel(id)}>
          <CloseIcon />
        </IconButton>
      </div>
    );
  }
  if (state === "processing" && poll) return <div className="reupload-actions" />;
  return (
    <div className="reupload-actions">
      {(state === "error" || state === "cancelled") && item.canRetry && (
        <IconButton label={labels.retry(name)} disabled={disabled} onClick={() => retry(id)}>
          <RetryIcon />
        </IconButton>
      )}
      <IconButton label={labels.remove(name)} disabled={disabled} onClick={() => remove(id)}>
        <CloseIcon />
      </IconButton>
    </div>
  );
}
