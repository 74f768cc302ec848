import { useState } from "react";
import { usePreviewUrl } from "@/api/files";
import type { FileInfo } from "@/api/wire";
import { CATEGORY_WORDS } from "@/files/category";
import { useWorkspace } from "@/shell/workspace";
import { Button } from "@/ui";
import { DocumentPreview } from "./DocumentPreview";
import styles from "./Preview.module.css";
import { previewKind } from "./previewKind";
import { TextPreview } from "./TextPreview";

/** The file itself, where a browser can show it. */
export function Preview({ file, mayFetch }: { file: FileInfo; mayFetch: boolean }) {
  const workspace = useWorkspace();
  const kind = previewKind(file);
  const address = usePreviewUrl(workspace.id, file, kind !== null && mayFetch);
  const [broken, setBroken] = useState(false);
  const url = address.data;
  const fail = () => setBroken(true);

  if (kind === null)
    return <Nothing file={file} why="A browser cannot show this kind of file. Download it to look inside." />;
  if (!mayFetch) {
    return (
      <Nothing
        file={file}
        why="This file is private, and viewers get no addresses of private files. Ask an admin for the role of a member."
      />
    );
  }
  if (address.isError || broken) {
    return (
      <Nothing
        file={file}
        why={
          broken
            ? "It could not be shown. The file may be gone or damaged, or in a format that this browser does not know."
            : "The preview could not be loaded."
        }
        onRetry={() => {
          setBroken(false);
          void address.refetch();
        }}
      />
    );
  }
  if (!url) return <div className={styles.stage} aria-busy />;
  switch (kind) {
    case "image":
      return (
        <div className={styles.stage}>
          <img src={url} alt={file.name} onError={fail} />
        </div>
      );
    case "video":
      return (
        <div className={styles.stage}>
          {/* biome-ignore lint/a11y/useMediaCaption: somebody's file; captions are not ours to have */}
          <video src={url} controls preload="metadata" onError={fail} aria-label={file.name} />
        </div>
      );
    case "audio":
      return (
        <div className={styles.low}>
          {/* biome-ignore lint/a11y/useMediaCaption: somebody's file; captions are not ours to have */}
          <audio src={url} controls preload="metadata" onError={fail} aria-label={file.name} />
        </div>
      );
    case "pdf":
      return <DocumentPreview file={file} url={url} onFail={fail} />;
    case "text":
      return <TextPreview file={file} url={url} onFail={fail} />;
  }
}

function Nothing({ file, why, onRetry }: { file: FileInfo; why: string; onRetry?: () => void }) {
  const Icon = CATEGORY_WORDS[file.category].icon;
  return (
    <div className={styles.stage}>
      <div className={styles.nothing}>
        <Icon size={36} strokeWidth={1.25} aria-hidden />
        <p>{why}</p>
        {onRetry && <Button onClick={onRetry}>Try again</Button>}
      </div>
    </div>
  );
}
