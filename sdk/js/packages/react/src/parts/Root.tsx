import { type ReactNode, useRef } from "react";
import type { Uploader, UploaderProps } from "../types.js";
import { useAnnouncement } from "../use-announcement.js";
import { useKeepFocus } from "../use-keep-focus.js";

interface RootProps extends Pick<UploaderProps, "className"> {
  readonly uploader: Uploader;
  readonly kind: string;
  /** The render prop of the component, if the app gave one. */
  readonly render: UploaderProps["children"];
  readonly children: ReactNode;
}

/** The frame of every component: the hidden input, drop and paste, the live region and the keyboard's place. */
export function Root({ uploader, kind, className, render, children }: RootProps) {
  const root = useRef<HTMLDivElement>(null);
  const keepFocus = useKeepFocus(root);
  const announcement = useAnnouncement(uploader);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a form's looks and its legend along
    <div
      ref={root}
      role="group"
      aria-label={uploader.labels.group}
      className={["reupload", `reupload-${kind}`, className].filter(Boolean).join(" ")}
      data-dragging={uploader.isDragging || undefined}
      data-disabled={uploader.disabled || undefined}
      // A click anywhere inside gives it the focus, and with it the next paste.
      tabIndex={-1}
      {...uploader.dropzoneProps}
      {...uploader.pasteProps}
      {...keepFocus}
    >
      <input {...uploader.inputProps} />
      {render ? render(uploader) : children}
      <div role="status" className="reupload-unseen">
        {announcement}
      </div>
    </div>
  );
}
