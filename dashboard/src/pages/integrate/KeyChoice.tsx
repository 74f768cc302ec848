import { Plus } from "lucide-react";
import { useState } from "react";
import { isInUse, useKeys } from "@/api/keys";
import { useNow } from "@/lib/useNow";
import { useWorkspace } from "@/shell/workspace";
import { Button, Field, Input, Select } from "@/ui";
import { CreateKey } from "../keys/CreateKey";
import { masked } from "../keys/KeyTable";
import styles from "./integrate.module.css";
import { KEY_PLACEHOLDER } from "./snippets";

type KeyChoiceProps = { project: string; onChoose: (key: string) => void };

/** What the snippets show as the key: a placeholder, a known key by its beginning, or one that is pasted or just made. */
export function KeyChoice({ project, onChoose }: KeyChoiceProps) {
  const workspace = useWorkspace();
  const now = useNow();
  const keys = useKeys(workspace.id).data?.keys.filter(
    (key) => isInUse(key, now) && (key.projectIds?.includes(project) ?? true),
  );
  const [choice, setChoice] = useState("placeholder");
  const [pasted, setPasted] = useState("");
  const [creating, setCreating] = useState(false);

  const choose = (next: string, key = "") => {
    setChoice(next);
    setPasted(key);
    const known = keys?.find(({ id }) => id === next);
    onChoose(known ? masked(known) : key.trim() || KEY_PLACEHOLDER);
  };

  return (
    <div className={styles.keys}>
      <div className={styles.row}>
        <Field label="Key in the snippets">
          <Select value={choice} onChange={(event) => choose(event.target.value)}>
            <option value="placeholder">Placeholder, {KEY_PLACEHOLDER}</option>
            <option value="paste">A key that I paste here</option>
            {keys?.map((key) => (
              <option key={key.id} value={key.id}>
                {key.name}, {masked(key)}
              </option>
            ))}
          </Select>
        </Field>
        {workspace.can("admin") && (
          <Button icon={Plus} onClick={() => setCreating(true)}>
            New key
          </Button>
        )}
      </div>
      {choice === "paste" && (
        <Field label="API key" hint="It stays on this page: it is not sent, and not kept when you leave.">
          <Input
            mono
            value={pasted}
            placeholder="ru_…"
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => choose("paste", event.target.value)}
          />
        </Field>
      )}
      <CreateKey
        open={creating}
        onClose={() => setCreating(false)}
        project={project}
        onCreated={(_, secret) => choose("paste", secret)}
      />
    </div>
  );
}
