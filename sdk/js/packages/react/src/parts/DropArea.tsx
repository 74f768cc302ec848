import type { Uploader } from "../types.js";
import { UploadIcon } from "./icons.js";

/** The dashed area. Its button covers all of it, so that a click anywhere in it chooses files. */
export function DropArea({ uploader }: { readonly uploader: Uploader }) {
  const { labels, multiple, isDragging, disabled, open, validation } = uploader;
  const hint = labels.hint(validation);
  return (
    <div className="reupload-drop">
      <span className="reupload-badge">
        <UploadIcon />
      </span>
      <div className="reupload-drop-text">
        <p className="reupload-drop-title">
          <button type="button" className="reupload-link" data-reupload-main onClick={open} disabled={disabled}>
            {labels.choose(multiple)}
          </button>{" "}
          <span>{labels.drop(multiple)}</span>
        </p>
        {isDragging && <p className="reupload-release">{labels.release}</p>}
        {hint && (
          <p className="reupload-quiet">
            <bdi>{hint}</bdi>
          </p>
        )}
      </div>
      <Notice uploader={uploader} />
    </div>
  );
}

/** What was wrong with the last drop or choice as a whole. */
export function Notice({ uploader: { notice } }: { readonly uploader: Uploader }) {
  return notice === null ? null : (
    <p className="reupload-notice">
      <bdi>{notice}</bdi>
    </p>
  );
}
