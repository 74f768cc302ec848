/** Folders are texts such as `invoices/2026`; the empty text is the top. Nothing exists of a folder but its files. */

export const folderName = (folder: string): string => folder.slice(folder.lastIndexOf("/") + 1);

export const parentFolder = (folder: string): string => folder.slice(0, Math.max(0, folder.lastIndexOf("/")));

/** Each folder on the way to `folder`, itself last: `a`, `a/b`, `a/b/c`. */
export function trail(folder: string): string[] {
  if (!folder) return [];
  const parts = folder.split("/");
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

/** Whether `folder` is `outer` or lies below it. */
export const isIn = (folder: string, outer: string): boolean =>
  outer === "" || folder === outer || folder.startsWith(`${outer}/`);

/** Characters of a folder; the server's bound. */
const LONGEST = 1024;

/** As the server will store it: no empty parts, no spaces around a part. */
export const tidyFolder = (text: string): string =>
  text
    .split("/")
    .map((part) => part.trim())
    .filter(Boolean)
    .join("/");

/** What is wrong with a folder that somebody wrote, by the server's own rules; undefined if nothing is. */
export function folderProblem(text: string): string | undefined {
  if ([...text].length > LONGEST) return `A folder can have ${LONGEST} characters; this has more.`;
  if (text.includes("\\")) return "Use / between folders, and no backslash.";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these are refused
  if (/[\u0000-\u001f\u007f-\u009f]/.test(text)) return "This contains a character that cannot be seen. Write it anew.";
  if (
    tidyFolder(text)
      .split("/")
      .some((part) => part === "." || part === "..")
  )
    return "Neither . nor .. can be a folder. Write the whole way from the top.";
  return undefined;
}
