import { CircleAlert, CircleCheck, File, RotateCw, X } from "lucide-react";
import { cx } from "@/lib/cx";
import { focusHeading } from "@/lib/focus";
import { IconButton, Progress } from "@/ui";
import { itemWords } from "./itemWords";
import type { Sent } from "./lanes";
import styles from "./Tray.module.css";

const ICONS = { error: CircleAlert, completed: CircleCheck } as const;

/** The row goes: the focus goes on to the last button of the next one, or of the one before, or to the heading. */
function focusBeside(row: Element | null) {
  const beside = row?.nextElementSibling ?? row?.previousElementSibling;
  const next = [...(beside?.querySelectorAll("button") ?? [])].at(-1);
  if (next) next.focus();
  else focusHeading();
}

export function TrayRow({ sent: { item, store, target } }: { sent: Sent }) {
  const { state, name, progress } = item;
  const Icon = state === "error" || state === "completed" ? ICONS[state] : File;
  const running = state === "uploading" || state === "queued" || state === "idle";
  return (
    <li className={cx(styles.row, state === "error" && styles.failed, state === "completed" && styles.done)}>
      <Icon size={16} aria-hidden />
      <div className={styles.words}>
        <p className={styles.name} title={name}>
          <bdi>{name}</bdi>
          {target.folder && <span className={styles.folder}> in {target.folder}</span>}
        </p>
        <p className={styles.state}>{itemWords(item)}</p>
        {state === "uploading" && (
          <Progress label={`Upload of ${name}`} value={progress?.percent == null ? null : progress.percent / 100} />
        )}
      </div>
      {running && <IconButton icon={X} label={`Cancel ${name}`} size="small" onClick={() => store.cancel(item.id)} />}
      {item.canRetry && (state === "error" || state === "cancelled") && (
        <IconButton icon={RotateCw} label={`Try ${name} again`} size="small" onClick={() => store.retry(item.id)} />
      )}
      {(state === "error" || state === "cancelled" || state === "completed") && (
        <IconButton
          icon={X}
          label={`Take ${name} off the list`}
          size="small"
          onClick={({ currentTarget }) => {
            focusBeside(currentTarget.closest("li"));
            store.remove(item.id);
          }}
        />
      )}
    </li>
  );
}
