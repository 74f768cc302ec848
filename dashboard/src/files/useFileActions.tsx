import { type ReactNode, useState } from "react";
import { errorText } from "@/api/error";
import { fetchAccess, publicAddress } from "@/api/files";
import type { FileInfo } from "@/api/wire";
import { useWorkspace } from "@/shell/workspace";
import { useToast } from "@/ui";
import { DeleteDialog } from "./DeleteDialog";
import { LinkDialog } from "./LinkDialog";
import { MoveDialog } from "./MoveDialog";
import { RenameDialog } from "./RenameDialog";
import { VisibilityDialog } from "./VisibilityDialog";

type Asked = { kind: "rename" | "move" | "link" | "delete" | "visibility"; files: readonly FileInfo[] };

export type FileActions = {
  ask: (kind: Asked["kind"], files: readonly FileInfo[]) => void;
  /** The permanent address of a public file, into the clipboard. */
  copyUrl: (file: FileInfo) => void;
  download: (file: FileInfo) => void;
  mayChange: boolean;
  /** Whether this user may fetch the bytes: viewers only those of public files. */
  mayFetch: (file: FileInfo) => boolean;
  /** The dialogs; belongs somewhere on the page. */
  dialogs: ReactNode;
};

type Listeners = {
  onChanged?: (files: readonly FileInfo[]) => void;
  onDeleted?: (files: readonly FileInfo[]) => void;
};

/** What can be done with files, and the dialogs that ask for the rest. The same on every page. */
export function useFileActions({ onChanged, onDeleted }: Listeners = {}): FileActions {
  const workspace = useWorkspace();
  const toast = useToast();
  const [asked, setAsked] = useState<Asked>();
  const close = () => setAsked(undefined);
  const props = (kind: Asked["kind"]) => ({
    open: asked?.kind === kind,
    files: asked?.files ?? [],
    onClose: close,
  });
  const changed = onChanged ?? (() => {});

  return {
    ask: (kind, files) => setAsked({ kind, files }),
    mayChange: workspace.can("member"),
    mayFetch: (file) => file.isPublic || workspace.can("member"),
    copyUrl: async ({ publicUrl }) => {
      try {
        await navigator.clipboard.writeText(publicUrl ?? "");
        toast("Address copied");
      } catch {
        toast("The browser does not allow copying here. The address is on the file's page.", { tone: "error" });
      }
    },
    download: async (file) => {
      try {
        const address = publicAddress(file, { download: "true" });
        location.assign(address ?? (await fetchAccess(workspace.id, file.id, { download: true })).url);
      } catch (error) {
        toast(errorText(error), { tone: "error" });
      }
    },
    dialogs: (
      <>
        <RenameDialog {...props("rename")} onChanged={changed} />
        <MoveDialog {...props("move")} onChanged={changed} />
        <LinkDialog {...props("link")} />
        <VisibilityDialog {...props("visibility")} onChanged={changed} />
        <DeleteDialog {...props("delete")} onDeleted={onDeleted ?? (() => {})} />
      </>
    ),
  };
}
