import { errorText } from "@/api/error";
import type { Outcome } from "@/api/files";
import type { FileInfo } from "@/api/wire";

export type FileDialogProps = { open: boolean; files: readonly FileInfo[]; onClose: () => void };
export type ChangeDialogProps = FileDialogProps & { onChanged: (files: readonly FileInfo[]) => void };

export const countFiles = (count: number): string => (count === 1 ? "1 file" : `${count.toLocaleString("en")} files`);

/** The name of one file, or how many there are. */
export const nameFiles = (files: readonly FileInfo[]): string => {
  const [only] = files;
  return only && files.length === 1 ? `“${only.name}”` : countFiles(files.length);
};

/** Of what could not be done for some of many files; undefined if all went well. */
export const failedText = ({ done, failed, error }: Outcome): string | undefined =>
  failed.length === 0
    ? undefined
    : `${countFiles(failed.length)} of ${done.length + failed.length} could not be changed. ${errorText(error)}`;
