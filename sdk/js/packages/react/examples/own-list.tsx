"use client";
import { useUploader } from "@reupload/react";

export function OwnList() {
  const { items, open, cancel, inputProps, dropzoneProps } = useUploader({ concurrency: 2 });
  return (
    <section aria-label="Attachments" {...dropzoneProps}>
      <input {...inputProps} />
      <button type="button" onClick={open}>
        Attach
      </button>
      {items.map(({ id, name, state, progress }) => (
        <p key={id}>
          {name}: {state} {progress?.percent}{" "}
          <button type="button" onClick={() => cancel(id)}>
            Cancel
          </button>
        </p>
      ))}
    </section>
  );
}
