interface ProgressRingProps {
  readonly label: string;
  /** 0 to 100; null while it is not known. */
  readonly percent: number | null;
}

/** The round form of the progress bar, drawn around a photo. */
export function ProgressRing({ label, percent }: ProgressRingProps) {
  return (
    <div
      className="reupload-ring"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent === null ? undefined : Math.round(percent)}
      data-unknown={percent === null || undefined}
    >
      <svg viewBox="0 0 100 100" aria-hidden="true">
        <circle cx="50" cy="50" r="48" />
        <circle cx="50" cy="50" r="48" pathLength={100} strokeDasharray={`${percent ?? 25} 100`} />
      </svg>
    </div>
  );
}
