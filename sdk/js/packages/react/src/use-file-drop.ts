import { type DragEvent, useEffect, useRef, useState } from "react";
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
  const isMounted = useIsMounted();

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
    if (!(gathered instanceof Promise)) return onGathered(gathered);
    // A folder takes time to read. Nobody would see what came of it after the component has gone.
    void gathered.then((files) => isMounted.current && onGathered(files));
  };
  return {
    isDragging: isOver && !disabled,
    dropzoneProps: { onDragOver, onDragLeave, onDrop },
    pasteProps: usePaste(options),
  };
}

function useIsMounted() {
  const isMounted = useRef(false);
  useEffect(() => {
    isMounted.current = true;
    return () => {
      isMounted.current = false;
    };
  }, []);
  return isMounted;
}

/** A paste, as React and the document tell of it. */
interface Paste {
  readonly clipboardData: DataTransfer | null;
  readonly defaultPrevented: boolean;
  readonly target: EventTarget | null;
  preventDefault(): void;
}

function isTextField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}

function usePaste({ disabled, paste, onGathered }: FileDropOptions): UploaderPasteProps {
  const take = (event: Paste) => {
    if (disabled || event.defaultPrevented || !hasFiles(event.clipboardData) || isTextField(event.target)) return;
    event.preventDefault();
    onGathered({ files: Array.from(event.clipboardData.files), problem: null });
  };
  const latest = useRef(take);
  useEffect(() => {
    latest.current = take;
  });
  useEffect(() => {
    if (paste !== "page") return;
    const onPaste = (event: ClipboardEvent) => latest.current(event);
    document.addEventListener("paste", onPaste);
    return () => document.removeEventListener("paste", onPaste);
  }, [paste]);
  return { onPaste: (event) => paste !== false && take(event) };
}
