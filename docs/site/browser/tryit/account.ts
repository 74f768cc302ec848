// For who is signed in to the dashboard of this server: their projects, and a key that is good for an hour.

export type Project = { id: string; name: string; workspace: string; workspaceName: string };

const SECONDS = 3600;

/** What is said when no answer comes. */
export const SILENT = "The server did not answer. Is it running?";

async function ask<Body>(path: string, body?: unknown): Promise<Body> {
  const response = await fetch(`/api/dashboard${path}`, {
    headers: { Accept: "application/json", ...(body ? { "Content-Type": "application/json" } : {}) },
    ...(body ? { method: "POST", body: JSON.stringify(body) } : {}),
  }).catch(() => {
    throw new Error(SILENT);
  });
  const answer = (await response.json().catch(() => ({}))) as Body & { message?: string };
  if (!response.ok) throw new Error(answer.message ?? `The server answered with status ${response.status}.`);
  return answer;
}

/** None for who is not signed in. */
export async function ownProjects(): Promise<Project[]> {
  try {
    const { workspaces } = await ask<{ workspaces: { id: string; name: string }[] }>("/me");
    const lists = await Promise.all(
      workspaces.map(async (workspace) => {
        const { projects } = await ask<{ projects: { id: string; name: string }[] }>(
          `/workspaces/${encodeURIComponent(workspace.id)}/projects`,
        );
        return projects.map(({ id, name }) => ({ id, name, workspace: workspace.id, workspaceName: workspace.name }));
      }),
    );
    return lists.flat();
  } catch {
    return [];
  }
}

/** Makes a key for one project. Rejects with the server's words, as for who may not make keys. */
export async function makeKey(project: Project): Promise<string> {
  const { secret } = await ask<{ secret: string }>(`/workspaces/${encodeURIComponent(project.workspace)}/keys`, {
    name: "Try it, in the documentation",
    projectIds: [project.id],
    expiresIn: SECONDS,
  });
  return secret;
}
