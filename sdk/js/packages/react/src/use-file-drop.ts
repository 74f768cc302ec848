import { type ClipboardEvent, type DragEvent, useEffect, useRef, useState } from "react";
import { filesOfDrop, type Gathered, hasFiles } from "./transfer.js";
import type { UploaderDropzoneProps, UploaderPasteProps } from "./types.js";

interface FileDropOptions {
  readonly disabled: boolean;
  readonly paste: "within" | "page" | false;
  readonly onGathered: (gathered: Gathered) => void;
}

interface FileDrop {
  readonly isDragging: boolean;
  readonly dropzoneProps: UploaderDropzoneProps;
  readonly pasteProps: UploaderPasteProps;
}

/** Files that are dropped or pasted. An event that an inner element has taken already is left alone. */
export function useFileDrop(options: FileDropOptions): FileDrop {
  const { disabled, onGathered } = options;
  const [isOver, setIsOver] = useState(false);

  const onDragOver = (event: DragEvent<HTMLElement>) => {
    if (!hasFiles(event.dataTransfer) || event.defaultPrevented) return;
    // Without this the browser would leave the page and show the file, also where a drop is refused.
    event.preventDefault();
    event.dataTransfer.dropEffect = disabled ? "none" : "copy";
    setIsOver(!disabled);
  };
  const onDragLeave = (event: DragEvent<HTMLElement>) => {
    if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setIsOver(false);
  };
  const onDrop = (event: DragEvent<HTMLElement>) => {
    setIsOver(false);
    if (!hasFiles(event.dataTransfer) || event.defaultPrevented) return;
    event.preventDefault();
    if (disabled) return;
    const gathered = filesOfDrop(event.dataTransfer);
    if (gathered instanceof Promise) void gathered.then(onGathered);
    else onGathered(gathered);
  };
  return {
    isDragging: isOver && !disabled,
    dropzoneProps: { onDragOver, onDragLeave, onDrop },
    pasteProps: usePaste(options),
  };
}

function isTextField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}

function usePaste({ disabled, paste, onGathered }: FileDropOptions): UploaderPasteProps {
  const take = (event: Pick<ClipboardEvent, "clipboardData" | "defaultPrevented" | "preventDefault" | "target">) => {
    if (disabled || event.defaultPrevented || !hasFiles(event.clipboardData)) return;
    const files = Array.from(event.clipboardData.files);
    if (files.length === 0 || isTextField(event.target)) return;
    event.preventDefault();
    onGathered({ files, problem: null });
  };
  const latest = useRef(take);
  useEffect(() => {
    latest.current = take;
  });
  useEffect(() => {
    if (paste !== "page") return;
    const onPaste = (event: globalThis.ClipboardEvent) => {
      if (event.clipboardData)
        latest.current(event as globalThis.ClipboardEvent & { clipboardData: DataTransfer; target: EventTarget });
    };
    document.addEventListener("paste", onPaste);
    return () => document.removeEventListener("paste", onPaste);
  }, [paste]);
  return { onPaste: (event) => paste !== false && take(event) };
}
