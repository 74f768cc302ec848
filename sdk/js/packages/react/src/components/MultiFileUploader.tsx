import { Button } from "../parts/Button.js";
import { Notice } from "../parts/DropArea.js";
import { ItemList } from "../parts/ItemList.js";
import { PlusIcon } from "../parts/icons.js";
import { Root } from "../parts/Root.js";
import { Totals } from "../parts/Totals.js";
import type { UploaderProps } from "../types.js";
import { useUploader } from "../use-uploader.js";

/** A list that files are added to: previews, progress of each and of all. Files may be dropped anywhere on it. */
export function MultiFileUploader({ className, children, ...options }: UploaderProps) {
  const uploader = useUploader(options);
  const { items, labels, disabled, open, validation, isDragging } = uploader;
  const hint = labels.hint(validation);
  return (
    <Root uploader={uploader} kind="panel" className={className} render={children}>
      <div className="reupload-head">
        <Button look="secondary" icon={<PlusIcon />} main onClick={open} disabled={disabled}>
          {labels.addMore}
        </Button>
        {hint && (
          <p className="reupload-quiet">
            <bdi>{hint}</bdi>
          </p>
        )}
      </div>
      <Notice uploader={uploader} />
      {items.length === 0 && <p className="reupload-empty">{isDragging ? labels.release : labels.empty}</p>}
      <ItemList uploader={uploader} />
      <Totals uploader={uploader} />
    </Root>
  );
}
