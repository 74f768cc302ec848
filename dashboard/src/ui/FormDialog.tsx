import type { ReactNode } from "react";
import { errorText } from "@/api/error";
import { Button } from "./Button";
import { Dialog, type DialogProps } from "./Dialog";
import { FieldStack } from "./Field";
import { Notice } from "./Notice";

type FormDialogProps = Omit<DialogProps, "open" | "footer"> & {
  onSubmit: () => void;
  /** The verb of the button that sends: `Create project`. */
  action: string;
  /** Nothing can be sent as the fields stand. */
  blocked?: boolean;
  /** Why the server refused: an error, or a sentence. */
  error?: unknown;
  children: ReactNode;
};

/** A dialog that is a form: fields below each other, what went wrong, Cancel and the one verb. Mount it to open it. */
export function FormDialog({ action, blocked, error, children, ...rest }: FormDialogProps) {
  return (
    <Dialog
      {...rest}
      open
      footer={
        <>
          <Button onClick={rest.onClose} disabled={rest.busy}>
            Cancel
          </Button>
          <Button type="submit" variant="primary" busy={rest.busy} disabled={blocked}>
            {action}
          </Button>
        </>
      }
    >
      <FieldStack>
        {children}
        {Boolean(error) && <Notice tone="red">{typeof error === "string" ? error : errorText(error)}</Notice>}
      </FieldStack>
    </Dialog>
  );
}
