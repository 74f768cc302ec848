import { ChevronDown } from "lucide-react";
import type { Ref, SelectHTMLAttributes } from "react";
import { cx } from "@/lib/cx";
import { useField } from "./Field";
import input from "./Input.module.css";
import styles from "./Select.module.css";

type SelectProps = SelectHTMLAttributes<HTMLSelectElement> & {
  /** For a filter outside a `Field`: its name for screen readers. */
  label?: string;
  small?: boolean;
  ref?: Ref<HTMLSelectElement>;
};

/** The browser's own list of `<option>`: it knows every keyboard and every phone. */
export function Select({ label, small, className, children, ...rest }: SelectProps) {
  const field = useField();
  return (
    <span className={cx(styles.around, className)}>
      <select
        aria-label={label}
        {...field}
        {...rest}
        className={cx(input.control, styles.select, small && styles.small)}
      >
        {children}
      </select>
      <ChevronDown size={16} aria-hidden />
    </span>
  );
}
