import type { LucideIcon } from "lucide-react";
import type { InputHTMLAttributes, Ref, TextareaHTMLAttributes } from "react";
import { cx } from "@/lib/cx";
import { useField } from "./Field";
import styles from "./Input.module.css";

type InputProps = InputHTMLAttributes<HTMLInputElement> & {
  icon?: LucideIcon;
  /** Machine text, such as an address or a key. */
  mono?: boolean;
  ref?: Ref<HTMLInputElement>;
};

export function Input({ icon: Icon, mono, className, ...rest }: InputProps) {
  const field = useField();
  const input = (
    <input
      {...field}
      {...rest}
      className={cx(styles.control, mono && styles.mono, Icon && styles.indented, className)}
    />
  );
  if (!Icon) return input;
  return (
    <span className={styles.around}>
      <Icon size={16} aria-hidden />
      {input}
    </span>
  );
}

type TextareaProps = TextareaHTMLAttributes<HTMLTextAreaElement> & { mono?: boolean; ref?: Ref<HTMLTextAreaElement> };

export function Textarea({ mono, className, ...rest }: TextareaProps) {
  const field = useField();
  return (
    <textarea
      rows={4}
      {...field}
      {...rest}
      className={cx(styles.control, styles.area, mono && styles.mono, className)}
    />
  );
}
