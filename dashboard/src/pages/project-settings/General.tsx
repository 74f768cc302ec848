import { Card, Checkbox, Choices, CopyButton, Field, FieldStack, Input } from "@/ui";
import type { SectionProps } from "./SettingsForm";
import styles from "./sections.module.css";

export function General({ project, draft, errors, disabled, set }: SectionProps) {
  return (
    <Card title="General">
      <FieldStack>
        <Field label="Name" error={errors.name} required>
          <Input
            value={draft.name}
            disabled={disabled}
            autoComplete="off"
            onChange={(event) => set({ name: event.target.value })}
          />
        </Field>
        <Field label="Project ID" hint="What an upload names as projectId.">
          <div className={styles.beside}>
            <Input mono readOnly value={project.id} aria-label="Project ID" />
            <CopyButton value={project.id} label="Copy project ID" />
          </div>
        </Field>
        <Choices legend="New files are" disabled={disabled}>
          <Checkbox
            radio
            name="visibility"
            label="Private"
            hint="Each address is signed and ends after a while."
            checked={!draft.defaultPublic}
            onChange={() => set({ defaultPublic: false })}
          />
          <Checkbox
            radio
            name="visibility"
            label="Public"
            hint="Anybody who has the address can fetch the file, for as long as it is there."
            checked={draft.defaultPublic}
            onChange={() => set({ defaultPublic: true })}
          />
          <p className={styles.hint}>
            For uploads that do not say isPublic themselves. Files that are there stay as they are.
          </p>
        </Choices>
      </FieldStack>
    </Card>
  );
}
