import { formatExact, formatRelative } from "@/lib/format";
import { useNow } from "@/lib/useNow";

type TimeProps = {
  /** ISO 8601, as the server writes it. */
  at: string;
  /** The exact moment in sight instead of in the tooltip. */
  exact?: boolean;
  /** It is still to come, such as an end. */
  ahead?: boolean;
};

export function Time({ at, exact, ahead }: TimeProps) {
  const now = useNow();
  const moment = Date.parse(at);
  if (Number.isNaN(moment)) return <span>–</span>;
  return (
    <time dateTime={at} title={exact ? formatRelative(moment, now) : formatExact(moment)}>
      {exact ? formatExact(moment) : formatRelative(moment, now, ahead)}
    </time>
  );
}
