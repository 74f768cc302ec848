import { formatNumber } from "@/lib/format";
import { parseSize } from "@/lib/sizes";
import { Card, Field, Input } from "@/ui";
import type { Draft } from "./draft";
import type { SectionProps } from "./SettingsForm";
import styles from "./sections.module.css";

/** The fields of a limit each, with what it says when it is empty. */
const LIMITS: readonly { title: string; words: string; fields: readonly [keyof Draft, string, string][] }[] = [
  {
    title: "Limits of the project",
    words: "What it may hold. A limit below what is stored deletes nothing; it only refuses more.",
    fields: [
      ["maxFileSize", "Largest file", "The server’s limit"],
      ["maxBytes", "All files together", "No limit"],
      ["maxFiles", "Number of files", "No limit"],
    ],
  },
  {
    title: "Limits of each owner",
    words:
      "An owner is a user of your app: what an upload names as ownerRef. Uploads without one are not counted here.",
    fields: [
      ["ownerMaxFileSize", "Largest file", "The project’s limit"],
      ["ownerMaxBytes", "All files together", "No limit"],
      ["ownerMaxFiles", "Number of files", "No limit"],
    ],
  },
];

export function Limits(section: SectionProps) {
  return LIMITS.map(({ title, words, fields }) => (
    <Card key={title} title={title} description={words}>
      <div className={styles.three}>
        {fields.map(([name, label, without]) => (
          <Limit key={name} {...section} name={name} label={label} without={without} />
        ))}
      </div>
    </Card>
  ));
}

type LimitProps = SectionProps & { name: keyof Draft; label: string; without: string };

function Limit({ draft, errors, disabled, set, name, label, without }: LimitProps) {
  const text = String(draft[name]);
  const bytes = name.endsWith("Files") ? null : parseSize(text);
  return (
    <Field label={label} error={errors[name]} hint={bytes ? `${formatNumber(bytes)} bytes` : undefined}>
      <Input
        value={text}
        placeholder={without}
        disabled={disabled}
        autoComplete="off"
        onChange={(event) => set({ [name]: event.target.value })}
      />
    </Field>
  );
}
