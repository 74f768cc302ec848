import { type ReactNode, useState } from "react";
import { errorText } from "@/api/error";
import { Button } from "./Button";
import styles from "./ConfirmDialog.module.css";
import { Dialog } from "./Dialog";
import { Field } from "./Field";
import { Input } from "./Input";
import { Notice } from "./Notice";

type ConfirmDialogProps = {
  open: boolean;
  onClose: () => void;
  /** A question: `Delete 3 files?` */
  title: string;
  /** What will be gone, and whether it comes back. */
  children: ReactNode;
  /** The verb of the button: `Delete files`. */
  action: string;
  /** Whoever confirms must write this, such as the name of the project. */
  typed?: string;
  /** Not destructive: the button is the ordinary primary one. */
  harmless?: boolean;
  /** The dialog closes when it resolves, and shows the error when it rejects. */
  onConfirm: () => Promise<unknown>;
};

export function ConfirmDialog(props: ConfirmDialogProps) {
  return props.open ? <Asking {...props} /> : null;
}

function Asking({ onClose, title, children, action, typed, harmless, onConfirm }: ConfirmDialogProps) {
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const ready = typed === undefined || text.trim() === typed.trim();

  const confirm = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await onConfirm();
      onClose();
    } catch (failure) {
      setError(errorText(failure));
      setBusy(false);
    }
  };

  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      busy={busy}
      onSubmit={confirm}
      footer={
        <>
          {/* What destroys is not what Enter does by accident. */}
          <Button onClick={onClose} disabled={busy} data-autofocus={typed === undefined || undefined}>
            Cancel
          </Button>
          <Button type="submit" variant={harmless ? "primary" : "danger"} busy={busy} disabled={!ready}>
            {action}
          </Button>
        </>
      }
    >
      <div className={styles.body}>
        <div>{children}</div>
        {typed !== undefined && (
          <Field label={`Type “${typed}” to confirm`}>
            <Input
              value={text}
              onChange={(event) => setText(event.target.value)}
              autoComplete="off"
              spellCheck={false}
            />
          </Field>
        )}
        {error && <Notice tone="red">{error}</Notice>}
      </div>
    </Dialog>
  );
}
