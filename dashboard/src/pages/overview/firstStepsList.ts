type Known = {
  workspace: string;
  project: string | undefined;
  hasKey: boolean;
  hasFile: boolean;
  /** One of the newest files came through the API. */
  hasAppFile: boolean;
  /** Whether this user may create projects and keys. */
  isAdmin: boolean;
};

export type FirstStep = {
  title: string;
  text: string;
  done: boolean;
  /** The steps are shown until all of these are done. */
  needed: boolean;
  /** Where it is done, and the words of the button; none where this user may not, or must do another step first. */
  action?: { to: string; label: string };
};

/** What a newcomer does, in order. */
export function firstSteps({ workspace, project, hasKey, hasFile, hasAppFile, isAdmin }: Known): FirstStep[] {
  const w = `/w/${workspace}`;
  const ask = isAdmin ? "" : " Ask an admin of this workspace for it.";
  return [
    {
      title: "Create a project",
      text: `A project holds the files of one app, with its limits and rules.${ask}`,
      done: project !== undefined,
      needed: true,
      ...(isAdmin && !project ? { action: { to: `${w}/projects?new`, label: "Create a project" } } : {}),
    },
    {
      title: "Upload a first file",
      text: "Drop one here in the dashboard, to see what becomes of it.",
      done: hasFile,
      needed: true,
      ...(project && !hasFile ? { action: { to: `${w}/p/${project}/files`, label: "Upload a file" } } : {}),
    },
    {
      title: "Create an API key",
      text: `With it your app's server speaks to Reupload.${ask}`,
      done: hasKey,
      needed: isAdmin,
      ...(isAdmin && project && !hasKey ? { action: { to: `${w}/keys`, label: "Create a key" } } : {}),
    },
    {
      title: "Upload from your app",
      text: "Copy the lines for Python, TypeScript, React or curl, with this project’s own IDs in them.",
      done: hasAppFile,
      needed: isAdmin,
      ...(project && !hasAppFile ? { action: { to: `${w}/p/${project}/integrate`, label: "Show the code" } } : {}),
    },
  ];
}
