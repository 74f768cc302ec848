import { Button } from "../parts/Button.js";
import { Notice } from "../parts/DropArea.js";
import { ItemList } from "../parts/ItemList.js";
import { UploadIcon } from "../parts/icons.js";
import { Root } from "../parts/Root.js";
import type { UploaderProps } from "../types.js";
import { useUploader } from "../use-uploader.js";

/** One button; what it was given stands below it, a short line each. Takes one file unless `multiple` is set. */
export function ButtonUploader({ className, children, multiple = false, ...options }: UploaderProps) {
  const uploader = useUploader({ ...options, multiple });
  const { labels, disabled, open } = uploader;
  return (
    <Root uploader={uploader} kind="compact" className={className} render={children}>
      <Button look="primary" icon={<UploadIcon />} main onClick={open} disabled={disabled}>
        {labels.choose(multiple)}
      </Button>
      <Notice uploader={uploader} />
      <ItemList uploader={uploader} />
    </Root>
  );
}
