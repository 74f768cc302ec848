import { DropArea } from "../parts/DropArea.js";
import { ItemList } from "../parts/ItemList.js";
import { Root } from "../parts/Root.js";
import { Totals } from "../parts/Totals.js";
import type { UploaderProps } from "../types.js";
import { useUploader } from "../use-uploader.js";

/** The full uploader: a drop area, the list of files with their progress, and the total. */
export function FileUploader({ className, children, ...options }: UploaderProps) {
  const uploader = useUploader(options);
  return (
    <Root uploader={uploader} kind="panel" className={className} render={children}>
      <DropArea uploader={uploader} />
      <ItemList uploader={uploader} />
      <Totals uploader={uploader} />
    </Root>
  );
}
