import { ChevronDown, ChevronUp, X } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import { focusHeading } from "@/lib/focus";
import { Button, IconButton, Progress } from "@/ui";
import { trayWords } from "./itemWords";
import type { Sent } from "./lanes";
import styles from "./Tray.module.css";
import { TrayRow } from "./TrayRow";
import { uploads } from "./uploads";
import { useRenewal } from "./useRenewal";

/** Rows that the tray draws; the rest is said as a number. */
const SHOWN = 50;

/** What matters first: failures, then what moves, then what waits, then what is done. */
const RANK: Record<Sent["item"]["state"], number> = {
  error: 0,
  uploading: 1,
  processing: 2,
  queued: 3,
  idle: 3,
  completed: 4,
  cancelled: 5,
};

/** The uploads of this window, in the corner of every page. */
export function Tray() {
  const now = useSyncExternalStore(uploads.subscribe, uploads.getSnapshot);
  const [folded, setFolded] = useState(false);
  const [asking, setAsking] = useState(false);
  useRenewal(now.finished, now.files);
  useGuard(now.isUploading);
  useEffect(() => () => uploads.reset(), []);

  if (now.files.length === 0) return null;
  const waiting = now.files.filter(({ item }) => item.state === "processing").length;
  const busy = now.isUploading || waiting > 0;
  const words = trayWords({ ...now, waiting });
  const sorted = [...now.files].sort((a, b) => RANK[a.item.state] - RANK[b.item.state]);
  const close = () => {
    if (now.isUploading && !asking) return setAsking(true);
    setAsking(false);
    uploads.reset();
    focusHeading();
  };

  return (
    <section className={styles.tray} aria-label="Uploads">
      <header className={styles.head}>
        <div role="status" className={styles.title}>
          <h2>{words}</h2>
        </div>
        {now.failed > 0 && !busy && (
          <Button size="small" onClick={uploads.retryAll}>
            Try again
          </Button>
        )}
        <IconButton
          icon={folded ? ChevronUp : ChevronDown}
          label={folded ? "Show files" : "Hide files"}
          size="small"
          aria-expanded={!folded}
          onClick={() => setFolded(!folded)}
        />
        <IconButton
          icon={X}
          label={now.isUploading ? "Cancel uploads" : "Close uploads"}
          size="small"
          onClick={close}
        />
      </header>
      {now.isUploading && <Progress label={words} value={now.part} />}
      {asking && now.isUploading && (
        <div className={styles.asking} role="alertdialog" aria-label="Cancel uploads">
          <p>Cancel what is not uploaded yet?</p>
          <Button size="small" onClick={() => setAsking(false)}>
            Go on
          </Button>
          <Button size="small" variant="danger" onClick={close}>
            Cancel uploads
          </Button>
        </div>
      )}
      {!folded && (
        <ul className={styles.list}>
          {sorted.slice(0, SHOWN).map((sent) => (
            <TrayRow key={sent.item.id} sent={sent} />
          ))}
          {sorted.length > SHOWN && (
            <li className={styles.more}>and {(sorted.length - SHOWN).toLocaleString("en")} more</li>
          )}
        </ul>
      )}
    </section>
  );
}

/** Leaving the window would lose what is not sent yet: the browser asks first. */
function useGuard(active: boolean) {
  useEffect(() => {
    if (!active) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [active]);
}
