import { useState } from "react";
import { errorText } from "@/api/error";
import { fetchAccess } from "@/api/files";
import type { FileInfo } from "@/api/wire";
import { formatExact } from "@/lib/format";
import { useWorkspace } from "@/shell/workspace";
import { Button, Checkbox, CopyButton, Dialog, Field, FieldStack, Input, Notice, Select } from "@/ui";
import type { FileDialogProps } from "./dialog";
import styles from "./LinkDialog.module.css";

/** Seconds; the server signs for 1 minute to 7 days. */
const LIVES = [
  [300, "5 minutes"],
  [3600, "1 hour"],
  [86_400, "1 day"],
  [259_200, "3 days"],
  [604_800, "7 days"],
] as const;

export function LinkDialog({ open, files: [file], onClose }: FileDialogProps) {
  return open && file ? <Linking file={file} onClose={onClose} /> : null;
}

function Linking({ file, onClose }: { file: FileInfo; onClose: () => void }) {
  const workspace = useWorkspace();
  const [life, setLife] = useState<number>(3600);
  const [download, setDownload] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const [link, setLink] = useState<{ url: string; until: number }>();

  const make = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const { url } = await fetchAccess(workspace.id, file.id, { expiresIn: life, download });
      setLink({ url, until: Date.now() + life * 1000 });
    } catch (failure) {
      setError(errorText(failure));
    }
    setBusy(false);
  };

  return (
    <Dialog
      open
      onClose={onClose}
      title="Make a signed link"
      description={`Whoever has the link can fetch “${file.name}” until it ends.`}
      onSubmit={make}
      footer={
        <>
          <Button onClick={onClose}>{link ? "Done" : "Cancel"}</Button>
          <Button type="submit" variant={link ? "secondary" : "primary"} busy={busy}>
            {link ? "Make another" : "Make link"}
          </Button>
        </>
      }
    >
      <FieldStack>
        <Field label="Works for" hint="It cannot be taken back before, but by deleting the file.">
          <Select value={life} onChange={(event) => setLife(Number(event.target.value))}>
            {LIVES.map(([seconds, words]) => (
              <option key={seconds} value={seconds}>
                {words}
              </option>
            ))}
          </Select>
        </Field>
        <Checkbox
          label="Save instead of show"
          hint="The browser stores the file, also where it could show it."
          checked={download}
          onChange={(event) => setDownload(event.target.checked)}
        />
        {error && <Notice tone="red">{error}</Notice>}
        {link && (
          <div className={styles.made} role="status">
            <div className={styles.line}>
              <Input
                readOnly
                mono
                value={link.url}
                aria-label="Signed link"
                onFocus={(event) => event.target.select()}
              />
              <CopyButton key={link.url} value={link.url} label="Copy link" wide />
            </div>
            <p>Works until {formatExact(link.until)}.</p>
          </div>
        )}
      </FieldStack>
    </Dialog>
  );
}
