import type { ReactNode } from "react";
import { focusFault } from "@/lib/focus";
import { Card } from "./Card";
import styles from "./Form.module.css";
import { Notice } from "./Notice";

type FormProps = {
  title: string;
  description?: ReactNode;
  onSubmit: () => void;
  /** The sentence of a refusal. */
  error?: ReactNode;
  /** The button that saves, `type="submit"`. Without one nothing can be changed here. */
  button?: ReactNode;
  /** Beside the button: why, or what follows. */
  note?: ReactNode;
  children: ReactNode;
};

/** A card that is a form: fields below each other, the button in the footer. */
export function Form({ title, description, onSubmit, error, button, note, children }: FormProps) {
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
        focusFault(event.currentTarget);
      }}
    >
      <Card
        title={title}
        description={description}
        footer={
          (button || note) && (
            <>
              {note && <span className={styles.note}>{note}</span>}
              {button}
            </>
          )
        }
      >
        <div className={styles.fields}>
          {children}
          {error && <Notice tone="red">{error}</Notice>}
        </div>
      </Card>
    </form>
  );
}
