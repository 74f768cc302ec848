import { useState } from "react";
import { useNavigate } from "react-router";
import { useCreateProject } from "@/api/projects";
import { originHint, splitList } from "@/lib/origins";
import { useWorkspace } from "@/shell/workspace";
import { Checkbox, Field, FormDialog, Input, ListInput } from "@/ui";

type CreateProjectProps = { open: boolean; onClose: () => void };

/** Asks only for what a first upload needs; the rest is in the project's settings. */
export const CreateProject = (props: CreateProjectProps) => (props.open ? <Form {...props} /> : null);

function Form({ onClose }: CreateProjectProps) {
  const workspace = useWorkspace();
  const create = useCreateProject(workspace.id);
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [origins, setOrigins] = useState<string[]>([]);
  const [isPublic, setPublic] = useState(false);
  const [tried, setTried] = useState(false);
  const missing = name.trim() === "" ? "Give it a name, such as that of your app." : undefined;
  const wrong = origins.some((entry, index) => originHint(entry, origins.slice(0, index))?.kind === "error");

  const submit = async () => {
    setTried(true);
    if (missing || wrong) return;
    const { project } = await create.mutateAsync({
      name: name.trim(),
      defaultPublic: isPublic,
      uploadCorsOrigins: origins.map((entry) => entry.trim()).filter(Boolean),
    });
    navigate(`/w/${workspace.id}/p/${project.id}/integrate`);
  };

  return (
    <FormDialog
      onClose={onClose}
      title="New project"
      description="Everything here can be changed later."
      // What went wrong is shown from the mutation's state.
      onSubmit={() => submit().catch(() => {})}
      busy={create.isPending}
      action="Create project"
      error={create.error}
    >
      <Field label="Name" error={tried ? missing : undefined} required>
        <Input value={name} onChange={(event) => setName(event.target.value)} autoComplete="off" />
      </Field>
      <ListInput
        label="Web pages that may upload"
        hint="Only for uploads straight from a browser. Uploads through your server need none."
        noun="origin"
        placeholder="https://app.example.com"
        values={origins}
        onChange={setOrigins}
        check={originHint}
        split={splitList}
      />
      <Checkbox
        label="New files are public"
        hint="Anybody with its address can fetch a file. Otherwise each address is signed and ends."
        checked={isPublic}
        onChange={(event) => setPublic(event.target.checked)}
      />
    </FormDialog>
  );
}
