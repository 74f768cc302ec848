import { useLive } from "@/api/live";
import { Tooltip } from "@/ui";
import styles from "./LiveDot.module.css";

const WORDS = {
  connecting: "Connecting to live updates",
  live: "Live: changes appear by themselves",
  lost: "Live updates are interrupted; trying again",
};

export function LiveDot({ workspace }: { workspace: string }) {
  const state = useLive(workspace);
  return (
    <Tooltip text={WORDS[state]}>
      <span className={styles.dot} data-state={state} role="img" aria-label={WORDS[state]} />
    </Tooltip>
  );
}
