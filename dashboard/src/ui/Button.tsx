import type { LucideIcon } from "lucide-react";
import type { ButtonHTMLAttributes, ReactNode } from "react";
import { Link, type LinkProps } from "react-router";
import { cx } from "@/lib/cx";
import styles from "./Button.module.css";

type Look = {
  /** `primary` once a view; `danger` for what destroys; `quiet` has no frame. */
  variant?: "primary" | "secondary" | "quiet" | "danger";
  size?: "medium" | "small";
  icon?: LucideIcon;
  /** Full width of what holds it. */
  wide?: boolean;
  children: ReactNode;
};

export type ButtonProps = Look &
  ButtonHTMLAttributes<HTMLButtonElement> & {
    /** Work is under way: the button cannot be pressed again, and says so to screen readers. */
    busy?: boolean;
    ref?: React.Ref<HTMLButtonElement>;
  };

const classes = (variant = "secondary", size = "medium", wide = false, className?: string) =>
  cx(styles.button, styles[variant], styles[size], wide && styles.wide, className);

export function Button({ variant, size, icon: Icon, wide, busy, disabled, className, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={classes(variant, size, wide, className)}
      // Not `disabled` while busy: the focus would be lost.
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      disabled={disabled}
      onClick={busy ? (event) => event.preventDefault() : rest.onClick}
    >
      {busy ? (
        <span className={styles.ring} aria-hidden />
      ) : (
        Icon && <Icon size={size === "small" ? 14 : 16} aria-hidden />
      )}
      <span>{children}</span>
    </button>
  );
}

/** A link that looks like a button, for what leads to another page. */
export function ButtonLink({ variant, size, icon: Icon, wide, className, children, ...rest }: Look & LinkProps) {
  return (
    <Link {...rest} className={classes(variant, size, wide, className)}>
      {Icon && <Icon size={size === "small" ? 14 : 16} aria-hidden />}
      <span>{children}</span>
    </Link>
  );
}
