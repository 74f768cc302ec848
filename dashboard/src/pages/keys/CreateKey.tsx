import { useState } from "react";
import { type ApiKey, type Permission, useCreateKey } from "@/api/keys";
import { useProjects } from "@/api/projects";
import { useWorkspace } from "@/shell/workspace";
import { Checkbox, Choices, CodeSnippet, Field, FormDialog, Input, SecretDialog, Select } from "@/ui";
import { type KeyDraft, keyErrors, LIVES, PERMISSIONS, toNewKey } from "./keyDraft";
import styles from "./keys.module.css";

type CreateKeyProps = {
  open: boolean;
  onClose: () => void;
  /** The key begins with this project alone. */
  project?: string;
  /** Hears of the key and its secret. */
  onCreated?: (key: ApiKey, secret: string) => void;
};

export const CreateKey = (props: CreateKeyProps) => (props.open ? <Steps {...props} /> : null);

/** First the form, then the secret, once. */
function Steps({ onClose, project, onCreated }: CreateKeyProps) {
  const workspace = useWorkspace();
  const create = useCreateKey(workspace.id);
  const [made, setMade] = useState<{ key: ApiKey; secret: string }>();

  if (made) {
    return (
      <SecretDialog
        title={`“${made.key.name}” is ready`}
        description="Save the key now, where your server keeps its secrets. It is not shown again."
        label="API key"
        secret={made.secret}
        onClose={onClose}
      >
        <CodeSnippet title=".env" code={`REUPLOAD_API_KEY=${made.secret}`} wrap />
      </SecretDialog>
    );
  }
  return (
    <Form
      project={project}
      busy={create.isPending}
      error={create.error}
      onClose={onClose}
      onSubmit={(draft) =>
        create.mutateAsync(toNewKey(draft)).then(
          (answer) => {
            setMade(answer);
            onCreated?.(answer.key, answer.secret);
          },
          () => {},
        )
      }
    />
  );
}

type FormProps = {
  project: string | undefined;
  busy: boolean;
  error: unknown;
  onClose: () => void;
  onSubmit: (draft: KeyDraft) => void;
};

function Form({ project, busy, error, onClose, onSubmit }: FormProps) {
  const workspace = useWorkspace();
  const projects = useProjects(workspace.id).data?.projects ?? [];
  const [tried, setTried] = useState(false);
  const [draft, setDraft] = useState<KeyDraft>({
    name: "",
    permissions: ["files.read", "files.write"],
    allProjects: project === undefined,
    projectIds: project ? [project] : [],
    expiresIn: 0,
  });
  const set = (change: Partial<KeyDraft>) => setDraft({ ...draft, ...change });
  const errors = keyErrors(draft);
  const shown = tried ? errors : {};

  return (
    <FormDialog
      onClose={onClose}
      title="New API key"
      busy={busy}
      onSubmit={() => {
        setTried(true);
        if (Object.keys(errors).length === 0) onSubmit(draft);
      }}
      action="Create key"
      error={error}
    >
      <Field label="Name" hint="What uses it, such as “Portal, production”." error={shown.name} required>
        <Input value={draft.name} autoComplete="off" onChange={(event) => set({ name: event.target.value })} />
      </Field>
      <Choices legend="Permissions" error={shown.permissions}>
        {PERMISSIONS.map(({ id, label, hint }) => (
          <Checkbox
            key={id}
            label={label}
            hint={hint}
            checked={draft.permissions.includes(id)}
            onChange={() => set({ permissions: toggled<Permission>(draft.permissions, id) })}
          />
        ))}
      </Choices>
      <Choices legend="Projects" error={shown.projectIds}>
        <Checkbox
          radio
          name="projects"
          label="All projects"
          hint="Later ones too."
          checked={draft.allProjects}
          onChange={() => set({ allProjects: true })}
        />
        <Checkbox
          radio
          name="projects"
          label="Only these"
          checked={!draft.allProjects}
          onChange={() => set({ allProjects: false })}
        />
        {!draft.allProjects && (
          <div className={styles.within}>
            {projects.map(({ id, name }) => (
              <Checkbox
                key={id}
                label={name}
                checked={draft.projectIds.includes(id)}
                onChange={() => set({ projectIds: toggled(draft.projectIds, id) })}
              />
            ))}
          </div>
        )}
      </Choices>
      <Field label="Ends" hint="A key that has ended is refused, as a revoked one is.">
        <Select value={draft.expiresIn} onChange={(event) => set({ expiresIn: Number(event.target.value) })}>
          {LIVES.map(({ seconds, label }) => (
            <option key={seconds} value={seconds}>
              {label}
            </option>
          ))}
        </Select>
      </Field>
    </FormDialog>
  );
}

const toggled = <Item,>(list: readonly Item[], item: Item): Item[] =>
  list.includes(item) ? list.filter((each) => each !== item) : [...list, item];
