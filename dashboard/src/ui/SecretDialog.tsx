import { type ReactNode, useState } from "react";
import { Button } from "./Button";
import { Checkbox } from "./Checkbox";
import { CodeSnippet } from "./CodeSnippet";
import { Dialog } from "./Dialog";
import { FieldStack } from "./Field";

type SecretDialogProps = {
  title: string;
  /** What it is for, and that it is not shown again. */
  description: ReactNode;
  /** Above the secret: `API key`. */
  label: string;
  secret: string;
  onClose: () => void;
  /** Below it, such as the lines of an .env file. */
  children?: ReactNode;
};

/** Shows a secret once. It closes only when its owner says that it is saved. */
export function SecretDialog({ title, description, label, secret, onClose, children }: SecretDialogProps) {
  const [saved, setSaved] = useState(false);
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      description={description}
      size="large"
      // Esc or a press beside it would lose the secret.
      busy={!saved}
      footer={
        <Button variant="primary" disabled={!saved} onClick={onClose}>
          Done
        </Button>
      }
    >
      <FieldStack>
        <CodeSnippet title={label} code={secret} wrap />
        {children}
        <Checkbox label="I have saved it" checked={saved} onChange={(event) => setSaved(event.target.checked)} />
      </FieldStack>
    </Dialog>
  );
}
