import { ChevronLeft } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { Link, useLocation } from "react-router";
import { cx } from "@/lib/cx";
import styles from "./Page.module.css";

type PageProps = {
  /** The heading, and the first part of the window's title. */
  title: string;
  /** One sentence below it. */
  description?: ReactNode;
  /** At its right, the one primary button last but for a menu of what is left. */
  actions?: ReactNode;
  /** A small link above it to the list this page belongs to. */
  back?: { to: string; label: string };
  /** `full` uses the whole window, `narrow` suits forms. */
  width?: "narrow" | "normal" | "full";
  children?: ReactNode;
};

/** The path whose heading had the focus last: the same page drawn anew must not take it again. */
let focused: string | undefined;

/** The frame of every page: window title, heading with the focus after navigation, actions. */
export function Page({ title, description, actions, back, width = "normal", children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { pathname } = useLocation();

  useEffect(() => {
    document.title = `${title} · Reupload`;
  }, [title]);

  useEffect(() => {
    if (focused !== undefined && focused !== pathname) heading.current?.focus({ preventScroll: true });
    focused = pathname;
  }, [pathname]);

  return (
    <div className={cx(styles.page, styles[width])}>
      <header className={styles.head}>
        <div className={styles.words}>
          {back && (
            <Link to={back.to} className={styles.back}>
              <ChevronLeft size={14} aria-hidden />
              {back.label}
            </Link>
          )}
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {description && <p>{description}</p>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}
