import { Plus, X } from "lucide-react";
import { useState } from "react";
import { errorText } from "@/api/error";
import { useUpdateFiles } from "@/api/files";
import type { FileInfo } from "@/api/wire";
import { useWorkspace } from "@/shell/workspace";
import { Button, FormDialog, IconButton, Input, useToast } from "@/ui";
import styles from "./MetadataDialog.module.css";
import { type MetadataRow, MOST_PAIRS, readRows } from "./metadataRows";

export function MetadataDialog({ file, onClose }: { file: FileInfo; onClose: () => void }) {
  const workspace = useWorkspace();
  const toast = useToast();
  const update = useUpdateFiles(workspace.id);
  const [rows, setRows] = useState<readonly MetadataRow[]>(() => {
    const given = Object.entries(file.metadata).map(([key, value], id) => ({ id, key, value }));
    return given.length > 0 ? given : [{ id: 0, key: "", value: "" }];
  });
  const [error, setError] = useState<string>();

  const change = (id: number, part: Partial<MetadataRow>) => {
    setError(undefined);
    setRows(rows.map((row) => (row.id === id ? { ...row, ...part } : row)));
  };
  const save = async () => {
    const read = readRows(rows);
    if ("problem" in read) return setError(read.problem);
    try {
      await update.mutateAsync({ files: [file], change: { metadata: read.pairs } });
      toast("Metadata saved");
      onClose();
    } catch (failure) {
      setError(errorText(failure));
    }
  };

  return (
    <FormDialog
      onClose={onClose}
      title="Metadata"
      description="Pairs of words that your app reads with the file and can list files by."
      size="large"
      busy={update.isPending}
      onSubmit={save}
      action="Save"
      error={error}
    >
      <div className={styles.rows}>
        {rows.map((row, index) => (
          <div key={row.id} className={styles.row}>
            <Input
              value={row.key}
              onChange={(event) => change(row.id, { key: event.target.value })}
              placeholder="Name"
              aria-label={`Name ${index + 1}`}
              spellCheck={false}
            />
            <Input
              value={row.value}
              onChange={(event) => change(row.id, { value: event.target.value })}
              placeholder="Value"
              aria-label={`Value ${index + 1}`}
              spellCheck={false}
            />
            <IconButton
              icon={X}
              label={`Remove ${row.key || `row ${index + 1}`}`}
              onClick={() => setRows(rows.filter((each) => each.id !== row.id))}
            />
          </div>
        ))}
        <div>
          <Button
            size="small"
            icon={Plus}
            disabled={rows.length >= MOST_PAIRS}
            onClick={() =>
              setRows([...rows, { id: Math.max(0, ...rows.map((row) => row.id)) + 1, key: "", value: "" }])
            }
          >
            Add a pair
          </Button>
        </div>
      </div>
    </FormDialog>
  );
}
