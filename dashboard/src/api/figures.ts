/** Bytes and files; a limit that is null is none. */
export type UsageFigures = {
  storedBytes: number;
  /** Promised to uploads that are not published yet. */
  reservedBytes: number;
  maxBytes: number | null;
  storedFiles: number;
  reservedFiles: number;
  maxFiles: number | null;
  maxFileSize: number | null;
};
