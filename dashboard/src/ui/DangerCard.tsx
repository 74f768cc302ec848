import { type ReactNode, useState } from "react";
import { Button } from "./Button";
import { Card } from "./Card";
import { ConfirmDialog } from "./ConfirmDialog";

type DangerCardProps = {
  title: string;
  description: ReactNode;
  /** The verb of both buttons: `Delete project`. */
  action: string;
  /** What goes; whoever confirms writes it. */
  name: string;
  /** A question: `Delete “Portal”?` */
  question: string;
  disabled?: boolean;
  /** What will be gone, and whether it comes back. */
  children: ReactNode;
  onConfirm: () => Promise<unknown>;
};

/** A card for what cannot be undone, behind a question. */
export function DangerCard(props: DangerCardProps) {
  const { title, description, action, name, question, disabled, children, onConfirm } = props;
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Card
        title={title}
        description={description}
        danger
        actions={
          <Button variant="danger" disabled={disabled} onClick={() => setAsking(true)}>
            {action}
          </Button>
        }
      />
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        title={question}
        action={action}
        typed={name}
        onConfirm={onConfirm}
      >
        {children}
      </ConfirmDialog>
    </>
  );
}
