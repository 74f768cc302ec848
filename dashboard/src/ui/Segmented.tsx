import type { LucideIcon } from "lucide-react";
import { useId } from "react";
import styles from "./Segmented.module.css";

type SegmentedProps<Value extends string> = {
  /** The name of the choice for screen readers. */
  label: string;
  options: readonly { value: Value; label: string; icon?: LucideIcon; iconOnly?: boolean }[];
  value: Value;
  onChange: (value: Value) => void;
};

/** One of a few, all in sight: radio buttons that look like a switch. */
export function Segmented<Value extends string>({ label, options, value, onChange }: SegmentedProps<Value>) {
  const name = useId();
  return (
    <fieldset className={styles.group}>
      <legend className="unseen">{label}</legend>
      {options.map(({ value: each, label: words, icon: Icon, iconOnly }) => (
        <label key={each} className={styles.option} title={iconOnly ? words : undefined}>
          <input type="radio" name={name} className="unseen" checked={each === value} onChange={() => onChange(each)} />
          {Icon && <Icon size={15} aria-hidden />}
          <span className={iconOnly ? "unseen" : undefined}>{words}</span>
        </label>
      ))}
    </fieldset>
  );
}
