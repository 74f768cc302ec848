import { Button } from "../parts/Button.js";
import { DropArea } from "../parts/DropArea.js";
import { ItemList } from "../parts/ItemList.js";
import { UploadIcon } from "../parts/icons.js";
import { Root } from "../parts/Root.js";
import { Totals } from "../parts/Totals.js";
import type { Uploader, UploaderProps } from "../types.js";
import { useUploader } from "../use-uploader.js";

/** Files are gathered first, and travel when the person says so. */
export function PendingUploadConfirm({ className, children, ...options }: Omit<UploaderProps, "immediateUpload">) {
  const uploader = useUploader({ ...options, immediateUpload: false });
  const isPending = uploader.items.some(({ state }) => state === "idle");
  return (
    <Root uploader={uploader} kind="panel" className={className} render={children}>
      <DropArea uploader={uploader} />
      <ItemList uploader={uploader} />
      {isPending ? <Confirm uploader={uploader} /> : <Totals uploader={uploader} />}
    </Root>
  );
}

function Confirm({ uploader }: { readonly uploader: Uploader }) {
  const { items, labels, disabled, start, remove } = uploader;
  const pending = items.filter(({ state }) => state === "idle");
  const bytes = pending.reduce((sum, { size }) => sum + size, 0);
  const clear = () => {
    for (const { id } of pending) remove(id);
  };
  return (
    <div className="reupload-foot">
      <p className="reupload-foot-text">
        <bdi>{labels.pending(pending.length, bytes)}</bdi>
      </p>
      <div className="reupload-foot-buttons">
        <Button look="plain" onClick={clear} disabled={disabled}>
          {labels.clear}
        </Button>
        <Button look="primary" icon={<UploadIcon />} onClick={() => start()} disabled={disabled}>
          {labels.upload(pending.length)}
        </Button>
      </div>
    </div>
  );
}
