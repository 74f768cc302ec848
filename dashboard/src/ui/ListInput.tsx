import { Plus, X } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { cx } from "@/lib/cx";
import { Button } from "./Button";
import { IconButton } from "./IconButton";
import { Input } from "./Input";
import styles from "./ListInput.module.css";

export type EntryHint = { kind: "error" | "warning"; text: string; fix?: string };

type ListInputProps = {
  label: string;
  hint?: ReactNode;
  /** What one entry is, in lower case: `origin`. */
  noun: string;
  values: readonly string[];
  onChange: (values: string[]) => void;
  /** What to say of one entry, given the others. */
  check: (value: string, others: readonly string[]) => EntryHint | undefined;
  /** How a pasted text becomes entries. */
  split: (text: string) => string[];
  placeholder?: string;
  /** Beside the button that adds an entry. */
  extra?: ReactNode;
  disabled?: boolean;
};

/** A list of short machine texts, one a row, each with its own hint; what is pasted is split. */
export function ListInput(props: ListInputProps) {
  const { label, hint, noun, values, onChange, check, split, placeholder, extra, disabled } = props;
  const id = useId();
  const list = useRef<HTMLFieldSetElement>(null);
  const focusAt = useRef<number>(undefined);

  useEffect(() => {
    const at = focusAt.current;
    focusAt.current = undefined;
    if (at === undefined) return;
    const inputs = list.current?.querySelectorAll("input") ?? [];
    (inputs[Math.min(at, inputs.length - 1)] ?? list.current?.querySelector("button"))?.focus();
  });

  const put = (index: number, ...entries: string[]) => onChange(values.toSpliced(index, 1, ...entries));
  const add = (index: number) => {
    focusAt.current = index;
    onChange(values.toSpliced(index, 0, ""));
  };

  return (
    <fieldset ref={list} className={styles.list} aria-describedby={hint ? `${id}-hint` : undefined} disabled={disabled}>
      <legend>{label}</legend>
      {values.map((value, index) => {
        // Of two that are the same the second one is told.
        const said = check(value, values.slice(0, index));
        const key = `${id}-${index}`;
        return (
          <div key={key} className={styles.entry}>
            <div className={styles.row}>
              <Input
                mono
                value={value}
                placeholder={placeholder}
                aria-label={`${noun[0]?.toUpperCase()}${noun.slice(1)} ${index + 1}`}
                aria-invalid={said?.kind === "error" || undefined}
                aria-describedby={said ? `${key}-said` : undefined}
                autoCapitalize="none"
                autoComplete="off"
                spellCheck={false}
                onChange={(event) => put(index, event.target.value)}
                onPaste={(event) => {
                  const parts = split(event.clipboardData.getData("text"));
                  if (parts.length < 2) return;
                  event.preventDefault();
                  put(index, ...(value.trim() ? [value] : []), ...parts);
                }}
                onKeyDown={(event) => {
                  if (event.key !== "Enter") return;
                  event.preventDefault();
                  if (value.trim()) add(index + 1);
                }}
              />
              <IconButton
                icon={X}
                label={`Remove ${value || noun}`}
                disabled={disabled}
                onClick={() => {
                  focusAt.current = Math.max(0, index - 1);
                  onChange(values.toSpliced(index, 1));
                }}
              />
            </div>
            {said && (
              <p id={`${key}-said`} className={cx(styles.note, styles[said.kind])}>
                <span>{said.text}</span>
                {said.fix && !disabled && (
                  <button
                    type="button"
                    className={styles.fix}
                    onClick={() => {
                      focusAt.current = index;
                      put(index, said.fix as string);
                    }}
                  >
                    Use {said.fix}
                  </button>
                )}
              </p>
            )}
          </div>
        );
      })}
      <div className={styles.foot}>
        {!disabled && (
          <Button size="small" icon={Plus} onClick={() => add(values.length)}>
            Add {noun}
          </Button>
        )}
        {extra}
      </div>
      {hint && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
    </fieldset>
  );
}
