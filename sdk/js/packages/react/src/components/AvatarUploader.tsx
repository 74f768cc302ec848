import type { UploadItem } from "@reupload/client";
import { Button } from "../parts/Button.js";
import { Notice } from "../parts/DropArea.js";
import { percentOf, Reason } from "../parts/ItemRow.js";
import { CameraIcon, PersonIcon } from "../parts/icons.js";
import { ProgressRing } from "../parts/ProgressRing.js";
import { Root } from "../parts/Root.js";
import type { Uploader, UploaderProps } from "../types.js";
import { usePreview } from "../use-preview.js";
import { useUploader } from "../use-uploader.js";

export interface AvatarUploaderProps extends Omit<UploaderProps, "multiple"> {
  /** The photo that stands now, shown until another one is chosen. */
  readonly src?: string | undefined;
}

/** A round photo that can be replaced. Takes images only, unless `accept` says otherwise. */
export function AvatarUploader({ className, children, src, accept = "image/*", ...options }: AvatarUploaderProps) {
  const uploader = useUploader({ ...options, accept, multiple: false });
  const { items, labels, disabled, open } = uploader;
  const item = items[0];
  const isTaken = item !== undefined && item.state !== "error" && item.state !== "cancelled";
  const preview = usePreview(isTaken ? item.file : null);
  const picture = preview ?? src;
  const percent = item && percentOf(item);
  return (
    <Root uploader={uploader} kind="avatar" className={className} render={children}>
      <div className="reupload-avatar-frame">
        {/* For the mouse alone: the keyboard and screen readers have the button beside it. */}
        <button
          type="button"
          className="reupload-avatar-photo"
          onClick={open}
          disabled={disabled}
          tabIndex={-1}
          aria-hidden="true"
        >
          {picture ? <img src={picture} alt="" /> : <PersonIcon />}
          <span className="reupload-avatar-veil">
            <CameraIcon />
          </span>
        </button>
        {item && percent !== undefined && <ProgressRing label={labels.progress(item.name)} percent={percent} />}
      </div>
      <div className="reupload-avatar-text">
        <div className="reupload-avatar-buttons">
          <Button look="secondary" main onClick={open} disabled={disabled}>
            {picture ? labels.changePhoto : labels.choosePhoto}
          </Button>
          {item && <Actions uploader={uploader} item={item} />}
        </div>
        <Line uploader={uploader} item={item} />
        <Notice uploader={uploader} />
      </div>
    </Root>
  );
}

function Actions({
  uploader,
  item: { id, state, canRetry },
}: {
  readonly uploader: Uploader;
  readonly item: UploadItem;
}) {
  const { labels, disabled, cancel, retry, remove, poll } = uploader;
  if (state === "queued" || state === "uploading") {
    return (
      <Button look="plain" onClick={() => cancel(id)} disabled={disabled}>
        {labels.cancelOne}
      </Button>
    );
  }
  if (state === "processing" && poll) return null;
  return canRetry && (state === "error" || state === "cancelled") ? (
    <Button look="plain" onClick={() => retry(id)} disabled={disabled}>
      {labels.retryOne}
    </Button>
  ) : (
    <Button look="plain" onClick={() => remove(id)} disabled={disabled}>
      {state === "error" || state === "cancelled" ? labels.dismiss : labels.removePhoto}
    </Button>
  );
}

function Line({ uploader, item }: { readonly uploader: Uploader; readonly item: UploadItem | undefined }) {
  const { labels, validation } = uploader;
  if (item?.state === "error") return <Reason uploader={uploader} item={item} />;
  const text = item ? labels.fileState(item) : labels.hint(validation);
  return text ? (
    <p className="reupload-quiet">
      <bdi>{text}</bdi>
    </p>
  ) : null;
}
