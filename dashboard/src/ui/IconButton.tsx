import type { LucideIcon } from "lucide-react";
import type { ButtonHTMLAttributes, Ref } from "react";
import { cx } from "@/lib/cx";
import styles from "./IconButton.module.css";
import { Tooltip } from "./Tooltip";

type IconButtonProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, "children" | "aria-label"> & {
  icon: LucideIcon;
  /** What it does: its name for screen readers, and its tooltip. */
  label: string;
  size?: "medium" | "small";
  ref?: Ref<HTMLButtonElement>;
};

export function IconButton({ icon: Icon, label, size = "medium", className, ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label}>
      <button type="button" {...rest} aria-label={label} className={cx(styles.button, styles[size], className)}>
        <Icon size={16} aria-hidden />
      </button>
    </Tooltip>
  );
}
