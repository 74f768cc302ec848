interface ProgressBarProps {
  readonly label: string;
  /** 0 to 100; null while it is not known. */
  readonly percent: number | null;
}

/** A bar that says to a screen reader what it measures, and moves to and fro while that is not known. */
export function ProgressBar({ label, percent }: ProgressBarProps) {
  const whole = percent === null ? undefined : Math.round(percent);
  return (
    <div
      className="reupload-bar"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={whole}
      data-unknown={percent === null || undefined}
    >
      <div className="reupload-bar-fill" style={percent === null ? undefined : { inlineSize: `${percent}%` }} />
    </div>
  );
}
