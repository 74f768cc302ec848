import { Button } from "@/ui";
import styles from "./SaveBar.module.css";

type SaveBarProps = { problem: string | undefined; canSave: boolean; busy: boolean; onDiscard: () => void };

/** Stays at the lower edge while there is something to save. */
export function SaveBar({ problem, canSave, busy, onDiscard }: SaveBarProps) {
  return (
    <section className={styles.bar} aria-label="Unsaved changes">
      <p role={problem ? "alert" : "status"} className={problem ? styles.problem : undefined}>
        {problem ?? "You have unsaved changes."}
      </p>
      <div className={styles.buttons}>
        <Button onClick={onDiscard} disabled={busy}>
          Discard
        </Button>
        <Button type="submit" variant="primary" busy={busy} disabled={!canSave}>
          Save settings
        </Button>
      </div>
    </section>
  );
}
