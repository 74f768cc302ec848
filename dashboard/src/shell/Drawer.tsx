import { type ReactNode, useEffect, useRef } from "react";
import { useLocation } from "react-router";
import { focusHeading } from "@/lib/focus";
import styles from "./Drawer.module.css";

/** The sidebar over the page, for narrow windows. Goes away with the navigation that was chosen in it. */
export function Drawer({ open, onClose, children }: { open: boolean; onClose: () => void; children: ReactNode }) {
  const ref = useRef<HTMLDialogElement>(null);
  const { pathname } = useLocation();
  const close = useRef(onClose);
  close.current = onClose;

  useEffect(() => {
    if (open) ref.current?.showModal();
    else ref.current?.close();
  }, [open]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: it closes with the path, and not with each new onClose
  useEffect(() => {
    // Here and not by the state, for closing gives the focus back to what opened it, and the new page has had it already.
    if (ref.current?.open) {
      ref.current.close();
      focusHeading();
    }
    close.current();
  }, [pathname]);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc does the same, by the close event
    <dialog
      ref={ref}
      className={styles.drawer}
      aria-label="Navigation"
      onClose={(event) => !event.currentTarget.open && onClose()}
      onClick={(event) => event.target === ref.current && onClose()}
    >
      {open && children}
    </dialog>
  );
}
