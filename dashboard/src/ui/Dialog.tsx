import { X } from "lucide-react";
import { type FormEvent, type ReactNode, useEffect, useId, useRef } from "react";
import { cx } from "@/lib/cx";
import { focusFault, focusHeading } from "@/lib/focus";
import styles from "./Dialog.module.css";
import { IconButton } from "./IconButton";

export type DialogProps = {
  open: boolean;
  /** Esc, the cross, and a press on the ground around it. Not called while `busy`. */
  onClose: () => void;
  title: string;
  description?: ReactNode;
  /** Width: 440px, 640px, or for `side` a panel of 480px along the right edge. */
  size?: "medium" | "large" | "side";
  /** With it the content is a form, sent by Enter too. */
  onSubmit?: () => void;
  /** The buttons, the primary one last. */
  footer?: ReactNode;
  /** Closing would leave work half done. */
  busy?: boolean;
  children?: ReactNode;
};

/** The browser's own modal `<dialog>`: it holds the focus, makes the rest inert, and gives the focus back. */
export function Dialog(props: DialogProps) {
  // Content mounts with each opening, so that a form begins empty every time.
  return props.open ? <Opened {...props} /> : null;
}

function Opened({ onClose, title, description, size = "medium", onSubmit, footer, busy, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();

  useEffect(() => {
    const dialog = ref.current;
    if (!dialog) return;
    const before = document.activeElement;
    dialog.showModal();
    // The browser would choose the cross, which comes first.
    const first = dialog.querySelector<HTMLElement>("[data-autofocus], [autofocus]");
    const control = dialog.querySelector<HTMLElement>(
      "[data-body] :is(input, select, textarea, button, a[href]), [data-footer] button",
    );
    (first ?? control ?? dialog).focus();
    return () => {
      if (dialog.open) dialog.close();
      // Removed together with its dialog's content, an element does not always get the focus back by itself.
      if (before instanceof HTMLElement && before.isConnected) before.focus();
      // What opened it has gone by what was done in it.
      else focusHeading();
    };
  }, []);

  const leave = () => {
    if (!busy) onClose();
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    event.stopPropagation();
    if (busy) return;
    onSubmit?.();
    focusFault(event.currentTarget);
  };

  const inside = (
    <>
      <header className={styles.head}>
        <div>
          <h2 id={`${id}-title`}>{title}</h2>
          {description && (
            <p id={`${id}-description`} className={styles.description}>
              {description}
            </p>
          )}
        </div>
        <IconButton icon={X} label="Close" size="small" onClick={leave} disabled={busy} />
      </header>
      {children && (
        <div className={styles.body} data-body>
          {children}
        </div>
      )}
      {footer && (
        <footer className={styles.foot} data-footer>
          {footer}
        </footer>
      )}
    </>
  );

  return (
    <dialog
      ref={ref}
      className={cx(styles.dialog, styles[size])}
      aria-labelledby={`${id}-title`}
      aria-describedby={description ? `${id}-description` : undefined}
      // By the key and not by the cancel event: a browser lets a page prevent only the first of two in a row.
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        leave();
      }}
      // A phone's back gesture. An open one is a late word about an earlier closing.
      onClose={(event) => {
        if (event.currentTarget.open) return;
        if (busy) ref.current?.showModal();
        else onClose();
      }}
      onMouseDown={(event) => {
        // The press and not the click: a selection of text may end outside.
        if (event.target === ref.current) leave();
      }}
    >
      {onSubmit ? (
        <form className={styles.box} onSubmit={submit} noValidate>
          {inside}
        </form>
      ) : (
        <div className={styles.box}>{inside}</div>
      )}
    </dialog>
  );
}
