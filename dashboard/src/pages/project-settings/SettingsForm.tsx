import { type FormEvent, useState } from "react";
import { useBlocker } from "react-router";
import { errorText } from "@/api/error";
import { type Project, useUpdateProject } from "@/api/projects";
import { useWorkspace } from "@/shell/workspace";
import { CardStack, ConfirmDialog, Notice, useToast } from "@/ui";
import { Browsers } from "./Browsers";
import { type Draft, draftErrors, toChange, toDraft } from "./draft";
import { FileRules } from "./FileRules";
import { General } from "./General";
import { Limits } from "./Limits";
import { SaveBar } from "./SaveBar";
import { useLeaveWarning } from "./useLeaveWarning";

export type SectionProps = {
  project: Project;
  draft: Draft;
  errors: ReturnType<typeof draftErrors>;
  disabled: boolean;
  set: (change: Partial<Draft>) => void;
};

/** One form for all settings; nothing is changed until it is saved. */
export function SettingsForm({ project }: { project: Project }) {
  const workspace = useWorkspace();
  const update = useUpdateProject(workspace.id, project.id);
  const toast = useToast();
  // Undefined until something is written: then the form shows what the server says, also when that changes.
  const [edited, setEdited] = useState<Draft>();
  const draft = edited ?? toDraft(project);
  const errors = draftErrors(draft);
  const change = toChange(draft, project);
  const isDirty = edited !== undefined && (Object.keys(change).length > 0 || Object.keys(errors).length > 0);
  const disabled = !workspace.can("admin");
  const blocker = useBlocker(({ currentLocation, nextLocation }) => {
    return isDirty && currentLocation.pathname !== nextLocation.pathname;
  });
  useLeaveWarning(isDirty);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (Object.keys(errors).length > 0 || update.isPending) return;
    await update.mutateAsync(change).then(
      () => {
        setEdited(undefined);
        toast("Settings saved");
      },
      () => {},
    );
  };
  const section: SectionProps = {
    project,
    draft,
    errors,
    disabled,
    set: (part) => {
      update.reset();
      setEdited({ ...draft, ...part });
    },
  };

  return (
    <>
      <form onSubmit={save} noValidate>
        <CardStack>
          {disabled && <Notice>Only an admin of this workspace can change these settings.</Notice>}
          <General {...section} />
          <Browsers {...section} />
          <FileRules {...section} />
          <Limits {...section} />
        </CardStack>
        {isDirty && (
          <SaveBar
            problem={problem(errors) ?? (update.error ? errorText(update.error) : undefined)}
            canSave={Object.keys(errors).length === 0}
            busy={update.isPending}
            onDiscard={() => {
              update.reset();
              setEdited(undefined);
            }}
          />
        )}
      </form>
      <ConfirmDialog
        open={blocker.state === "blocked"}
        onClose={() => blocker.state === "blocked" && blocker.reset()}
        title="Leave without saving?"
        action="Leave"
        onConfirm={async () => blocker.proceed?.()}
      >
        The settings that you changed on this page are not saved yet.
      </ConfirmDialog>
    </>
  );
}

function problem(errors: object): string | undefined {
  const count = Object.keys(errors).length;
  if (count === 0) return undefined;
  return count === 1 ? "One setting is not right yet." : `${count} settings are not right yet.`;
}
