import type { Uploader } from "../types.js";
import { Button } from "./Button.js";
import { ProgressBar } from "./ProgressBar.js";

/** The foot of a list: how far all files are together, and what can be done with all of them. */
export function Totals({ uploader }: { readonly uploader: Uploader }) {
  const { items, totals, isUploading, labels, disabled, poll } = uploader;
  if (items.length < 2) return null;
  const canCancel = items.some(({ state }) => state === "queued" || state === "uploading");
  const canRetry =
    !isUploading && items.some(({ state, canRetry }) => canRetry && (state === "error" || state === "cancelled"));
  const canClear = !isUploading && !(poll && items.some(({ state }) => state === "processing"));
  return (
    <div className="reupload-foot">
      <div className="reupload-foot-text">
        <p>
          <bdi>{labels.totals(totals)}</bdi>
        </p>
        {isUploading && <ProgressBar label={labels.totalProgress} percent={totals.percent} />}
      </div>
      <div className="reupload-foot-buttons">
        {canCancel && (
          <Button look="secondary" onClick={() => uploader.cancel()} disabled={disabled}>
            {labels.cancelAll}
          </Button>
        )}
        {canRetry && (
          <Button look="secondary" onClick={() => uploader.retry()} disabled={disabled}>
            {labels.retryAll}
          </Button>
        )}
        {canClear && (
          <Button look="plain" onClick={uploader.reset} disabled={disabled}>
            {labels.clear}
          </Button>
        )}
      </div>
    </div>
  );
}
