import { Check } from "lucide-react";
import { cx } from "@/lib/cx";
import { Button, ButtonLink, Card } from "@/ui";
import styles from "./FirstSteps.module.css";
import type { FirstStep } from "./firstStepsList";

type FirstStepsProps = { steps: readonly FirstStep[]; onHide: () => void };

export function FirstSteps({ steps, onHide }: FirstStepsProps) {
  const next = steps.findIndex((step) => !step.done);
  return (
    <Card
      title="First steps"
      description="From nothing to an upload out of your own app, in a few minutes."
      actions={
        <Button variant="quiet" size="small" onClick={onHide}>
          Hide
        </Button>
      }
      flush
    >
      <ol className={styles.steps}>
        {steps.map((step, index) => (
          <li key={step.title} className={cx(styles.step, step.done && styles.done)}>
            <span className={cx(styles.mark, index === next && styles.next)}>
              {step.done ? <Check size={14} strokeWidth={2.5} aria-hidden /> : index + 1}
            </span>
            <div className={styles.words}>
              <h3>
                {step.title}
                {step.done && <span className="unseen"> (done)</span>}
              </h3>
              <p>{step.text}</p>
            </div>
            {step.action && (
              <ButtonLink to={step.action.to} variant={index === next ? "primary" : "secondary"} size="small">
                {step.action.label}
              </ButtonLink>
            )}
          </li>
        ))}
      </ol>
    </Card>
  );
}
