import { TYPE_PRESETS, typeHint } from "@/lib/mediaTypes";
import { splitList } from "@/lib/origins";
import { Button, Card, Checkbox, Field, FieldStack, Input, ListInput, Select } from "@/ui";
import type { SectionProps } from "./SettingsForm";
import styles from "./sections.module.css";

export function FileRules({ draft, errors, disabled, set }: SectionProps) {
  const left = TYPE_PRESETS.filter(({ types }) => types.some((type) => !draft.allowedTypes.includes(type)));
  return (
    <Card title="Files" description="What is taken, and what happens to it on its way in.">
      <FieldStack>
        <ListInput
          label="Allowed types"
          noun="type"
          placeholder="image/*"
          hint={
            draft.allowedTypes.length === 0
              ? "Every type is taken. The type is read from the bytes, not from the name."
              : "Only these are taken. The type is read from the bytes, not from the name."
          }
          values={draft.allowedTypes}
          disabled={disabled}
          onChange={(allowedTypes) => set({ allowedTypes })}
          check={typeHint}
          split={splitList}
          extra={
            !disabled &&
            left.map(({ label, types }) => (
              <Button
                key={label}
                size="small"
                variant="quiet"
                onClick={() => set({ allowedTypes: [...new Set([...draft.allowedTypes.filter(Boolean), ...types])] })}
              >
                {label}
              </Button>
            ))
          }
        />
        <Field
          label="When the declared type does not fit the bytes"
          hint={
            draft.typeMismatch === "correct"
              ? "The file is kept, under the type that its bytes show."
              : "The upload fails with CONTENT_TYPE_NOT_ALLOWED."
          }
        >
          <Select
            value={draft.typeMismatch}
            disabled={disabled}
            onChange={(event) => set({ typeMismatch: event.target.value === "refuse" ? "refuse" : "correct" })}
          >
            <option value="correct">Correct the type</option>
            <option value="refuse">Refuse the file</option>
          </Select>
        </Field>
        <Field
          label="Malware scan"
          hint={
            draft.scan === "required"
              ? "Without a scanner every upload fails with SCAN_UNAVAILABLE. Nothing unscanned is ever served."
              : "With a scanner only clean files are served. Without one they are served and marked as not scanned."
          }
        >
          <Select
            value={draft.scan}
            disabled={disabled}
            onChange={(event) => set({ scan: event.target.value === "required" ? "required" : "when_available" })}
          >
            <option value="when_available">When the server has a scanner</option>
            <option value="required">Required</option>
          </Select>
        </Field>
        <Field
          label="Delete files after"
          hint="Days from when a file was published. It cannot be brought back. Empty to keep files."
          error={errors.retentionDays}
          className={styles.short}
        >
          <Input
            inputMode="numeric"
            placeholder="Never"
            value={draft.retentionDays}
            disabled={disabled}
            onChange={(event) => set({ retentionDays: event.target.value })}
          />
        </Field>
        <Checkbox
          label="Take metadata out of pictures"
          hint="Such as the position where a photo was taken. Pixels and orientation stay."
          disabled={disabled}
          checked={draft.stripMetadata}
          onChange={(event) => set({ stripMetadata: event.target.checked })}
        />
      </FieldStack>
    </Card>
  );
}
