import { Folder, FolderUp } from "lucide-react";
import { useState } from "react";
import { errorText } from "@/api/error";
import { useFolders, useUpdateFiles } from "@/api/files";
import { formatNumber } from "@/lib/format";
import { useWorkspace } from "@/shell/workspace";
import { Field, FormDialog, Input, useToast } from "@/ui";
import { type ChangeDialogProps, failedText, nameFiles } from "./dialog";
import { folderName, folderProblem, parentFolder, tidyFolder } from "./folders";
import styles from "./MoveDialog.module.css";

export function MoveDialog(props: ChangeDialogProps) {
  return props.open ? <Moving {...props} /> : null;
}

function Moving({ files, onClose, onChanged }: ChangeDialogProps) {
  const workspace = useWorkspace();
  const toast = useToast();
  const update = useUpdateFiles(workspace.id);
  const [text, setText] = useState(files[0]?.folder ?? "");
  const [error, setError] = useState<string>();
  const problem = folderProblem(text);
  const folder = tidyFolder(text);
  const others = files.filter((file) => file.folder !== folder);

  const move = async () => {
    if (problem) return;
    if (others.length === 0) return onClose();
    try {
      const outcome = await update.mutateAsync({ files: others, change: { folder } });
      onChanged(outcome.done);
      const failed = failedText(outcome);
      if (failed) return setError(failed);
      toast(`${nameFiles(others)} moved to ${folder ? `“${folder}”` : "the top"}`);
      onClose();
    } catch (failure) {
      setError(errorText(failure));
    }
  };

  return (
    <FormDialog
      onClose={onClose}
      title={`Move ${nameFiles(files)}`}
      busy={update.isPending}
      onSubmit={move}
      action="Move"
      blocked={Boolean(problem)}
    >
      <Field
        label="Folder"
        error={problem ?? error}
        hint="A folder that is not there yet is made by this. Empty is the top. Addresses of the files stay the same."
      >
        <Input
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setError(undefined);
          }}
          placeholder="For example invoices/2026"
          data-autofocus
          autoComplete="off"
          spellCheck={false}
        />
      </Field>
      {files[0] && <Choices project={files[0].projectId} folder={problem ? "" : folder} onChoose={setText} />}
    </FormDialog>
  );
}

type ChoicesProps = { project: string; folder: string; onChoose: (folder: string) => void };

/** The folders below the written one; while a new name is being written, those beside it. */
function Choices({ project, folder, onChoose }: ChoicesProps) {
  const workspace = useWorkspace();
  const inside = useFolders(workspace.id, project, folder);
  const parent = parentFolder(folder);
  const beside = useFolders(workspace.id, project, parent, folder !== "");
  const last = folder.slice(parent.length).replace("/", "").toLowerCase();
  const below = inside.data ?? [];
  const siblings = (beside.data ?? []).filter((each) => each.folder !== folder);
  const isThere = siblings.length < (beside.data ?? []).length;
  const started = isThere
    ? siblings
    : siblings.filter((each) => folderName(each.folder).toLowerCase().startsWith(last));
  const shown = below.length > 0 ? below : started;

  return (
    <fieldset className={styles.choices} aria-label="Folders to choose from">
      {folder && (
        <button type="button" className={styles.choice} onClick={() => onChoose(parent)}>
          <FolderUp size={16} aria-hidden />
          <span>{parent ? `Up to “${parent}”` : "Up to the top"}</span>
        </button>
      )}
      {shown.map((each) => (
        <button type="button" key={each.folder} className={styles.choice} onClick={() => onChoose(each.folder)}>
          <Folder size={16} aria-hidden />
          <span>{folderName(each.folder)}</span>
          <span className={styles.count}>{formatNumber(each.files)}</span>
        </button>
      ))}
      {shown.length === 0 && <p className={styles.none}>There are no folders here yet.</p>}
    </fieldset>
  );
}
