"use client";
import { ButtonUploader } from "@reupload/react";

export function PhotoButton() {
  return (
    <ButtonUploader accept="image/*">
      {({ items: [item], open, disabled }) => (
        <button type="button" onClick={open} disabled={disabled}>
          {item?.state === "uploading" ? `${item.progress?.percent ?? 0} %` : "Add a photo"}
        </button>
      )}
    </ButtonUploader>
  );
}
