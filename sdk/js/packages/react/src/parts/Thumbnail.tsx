import { useState } from "react";
import { usePreview } from "../use-preview.js";
import { FileIcon } from "./icons.js";

/** A small picture of the file itself, or the icon of its type if it has none that this browser can show. */
export function Thumbnail({ file, type }: { readonly file: File; readonly type: string }) {
  const url = usePreview(file);
  const [broken, setBroken] = useState<string | null>(null);
  return (
    <span className="reupload-thumbnail">
      {url && url !== broken ? (
        <img src={url} alt="" decoding="async" onError={() => setBroken(url)} />
      ) : (
        <FileIcon type={type} />
      )}
    </span>
  );
}
