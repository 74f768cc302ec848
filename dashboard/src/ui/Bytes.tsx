import { formatBytes, formatNumber } from "@/lib/format";

/** A size, with the exact count of bytes in its tooltip. */
export const Bytes = ({ value }: { value: number }) => (
  <span title={`${formatNumber(value)} bytes`}>{formatBytes(value)}</span>
);
