import { CircleAlert, CircleCheck, X } from "lucide-react";
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { cx } from "@/lib/cx";
import { IconButton } from "./IconButton";
import styles from "./Toast.module.css";

type Toast = { id: number; text: string; tone: "done" | "error" };
type Show = (text: string, options?: { tone?: Toast["tone"] }) => void;

const ToastContext = createContext<Show>(() => {});

/** `toast("3 files deleted")`, or with `{tone: "error"}`; at most three at once. */
export const useToast = (): Show => use(ToastContext);

/** Milliseconds that a toast stays; an error stays until it is closed. */
const STAY = 5000;
const MOST = 3;

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const next = useRef(0);
  const region = useRef<HTMLElement>(null);

  const close = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  const show = useCallback<Show>((text, { tone = "done" } = {}) => {
    next.current += 1;
    const toast: Toast = { id: next.current, text, tone };
    setToasts((all) => [...all.slice(1 - MOST), toast]);
  }, []);

  // The last thing to enter the top layer lies above an open dialog.
  useEffect(() => {
    const element = region.current;
    if (!element) return;
    if (element.matches(":popover-open")) element.hidePopover();
    if (toasts.length > 0) element.showPopover();
  }, [toasts]);

  return (
    <ToastContext value={show}>
      {useMemo(() => children, [children])}
      {/* Always there: a live region that appears together with its text is not read out. */}
      <div className="unseen" role="status">
        {/* A node of its own for each: the same text in the same node is no news. */}
        <span key={toasts.at(-1)?.id}>{toasts.at(-1)?.text}</span>
      </div>
      <section ref={region} popover="manual" className={styles.region} aria-label="Messages">
        {toasts.map((toast) => (
          <One key={toast.id} toast={toast} onClose={() => close(toast.id)} />
        ))}
      </section>
    </ToastContext>
  );
}

function One({ toast, onClose }: { toast: Toast; onClose: () => void }) {
  const close = useRef(onClose);
  close.current = onClose;
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (toast.tone === "error" || held) return;
    const timer = setTimeout(() => close.current(), STAY);
    return () => clearTimeout(timer);
  }, [toast.tone, held]);
  const Icon = toast.tone === "error" ? CircleAlert : CircleCheck;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: pointing at it or being inside it only keeps it from leaving
    <div
      className={cx(styles.toast, styles[toast.tone])}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <Icon size={16} aria-hidden />
      <span className={styles.text}>{toast.text}</span>
      <IconButton icon={X} label="Dismiss" size="small" onClick={onClose} />
    </div>
  );
}
