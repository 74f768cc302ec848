import type { Uploader } from "@reupload/react";
import { FolderDown } from "lucide-react";
import type { ReactNode } from "react";
import { folderName } from "@/files/folders";
import { Notice } from "@/ui";
import styles from "./DropGround.module.css";

type DropGroundProps = { uploader: Uploader; folder: string; children: ReactNode };

/** The whole page takes dropped files, and says where they will go while they hang over it. */
export function DropGround({ uploader, folder, children }: DropGroundProps) {
  return (
    <div className={styles.ground} {...uploader.dropzoneProps}>
      <input {...uploader.inputProps} />
      {uploader.notice && (
        <div className={styles.notice}>
          <Notice tone="amber">{uploader.notice}</Notice>
        </div>
      )}
      {children}
      {uploader.isDragging && (
        <div className={styles.over} aria-hidden>
          <p className={styles.words}>
            <FolderDown size={18} />
            Drop to upload {folder ? `to “${folderName(folder)}”` : "to this project"}
          </p>
        </div>
      )}
    </div>
  );
}
