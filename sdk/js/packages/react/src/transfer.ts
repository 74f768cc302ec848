/** The most files that one drop may bring: a dropped folder can hold a whole disk. */
export const DROP_LIMIT = 2000;

/** The files of a drop or a paste, and what kept others away. */
export interface Gathered {
  readonly files: readonly File[];
  readonly problem: "folder" | "limit" | null;
}

/** Files that systems leave in folders, and that nobody means to upload. */
const litter = new Set([".DS_Store", "Thumbs.db", "desktop.ini"]);

/** True if a drag or a clipboard holds files. */
export function hasFiles(transfer: DataTransfer | null): boolean {
  return transfer !== null && Array.from(transfer.types).includes("Files");
}

function batch(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** Adds the files under `entry` to `found`, up to the limit; false once there are more. */
async function walk(entry: FileSystemEntry, found: File[]): Promise<boolean> {
  if (entry.isFile) {
    if (litter.has(entry.name)) return true;
    if (found.length >= DROP_LIMIT) return false;
    found.push(await fileOf(entry as FileSystemFileEntry));
    return true;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // A reader gives its entries in portions, and an empty one at the end.
  for (let entries = await batch(reader); entries.length > 0; entries = await batch(reader)) {
    for (const inner of entries) if (!(await walk(inner, found))) return false;
  }
  return true;
}

/**
 * The files of a drop; those inside dropped folders too. The entries are taken before the first wait, since the browser
 * empties a DataTransfer when the event is over.
 */
export function filesOfDrop(transfer: DataTransfer): Gathered | Promise<Gathered> {
  const items = Array.from(transfer.items ?? []).filter((item) => item.kind === "file");
  const entries = items.map((item) => item.webkitGetAsEntry?.() ?? null);
  if (!entries.some((entry) => entry?.isDirectory)) {
    const files = Array.from(transfer.files);
    return { files: files.slice(0, DROP_LIMIT), problem: files.length > DROP_LIMIT ? "limit" : null };
  }
  return gather(entries.filter((entry) => entry !== null));
}

async function gather(entries: readonly FileSystemEntry[]): Promise<Gathered> {
  const files: File[] = [];
  try {
    for (const entry of entries) if (!(await walk(entry, files))) return { files, problem: "limit" };
    return { files, problem: null };
  } catch {
    return { files, problem: "folder" };
  }
}
