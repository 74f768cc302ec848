// For who is signed in to the dashboard of this server: their projects, and a key that is good for an hour.

export type Project = { id: string; name: string; workspace: string; workspaceName: string };

const SECONDS = 3600;

/** What is said when no answer comes. */
export const SILENT = "The server did not answer. Is it running?";

/** The server's own words. */
class Refused extends Error {}

async function ask<Body>(path: string, body?: unknown, method = body ? "POST" : "GET"): Promise<Body> {
  const response = await fetch(`/api/dashboard${path}`, {
    method,
    headers: { Accept: "application/json", ...(body ? { "Content-Type": "application/json" } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  }).catch(() => {
    throw new Error(SILENT);
  });
  const answer = (await response.json().catch(() => ({}))) as Body & { message?: string };
  if (!response.ok) throw new Refused(answer.message ?? `The server answered with status ${response.status}.`);
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

/** A key that was made here, and where it is ended. */
export type MadeKey = { secret: string; path: string };

/** Makes a key for one project. Rejects with a sentence, as for who may not make keys. */
export async function makeKey(project: Project): Promise<MadeKey> {
  const path = `/workspaces/${encodeURIComponent(project.workspace)}/keys`;
  const wanted = { name: "Try it, in the documentation", projectIds: [project.id], expiresIn: SECONDS };
  try {
    const { secret, key } = await ask<{ secret: string; key: { id: string } }>(path, wanted);
    return { secret, path: `${path}/${encodeURIComponent(key.id)}` };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new Error(`No key could be made for you: ${error.message} Paste one instead.`);
  }
}

/** Ends a key that was made here; one that cannot be ended any more, as after a sign-out, ends by itself within the hour. */
export async function endKey(path: string): Promise<void> {
  await ask(path, undefined, "DELETE").catch(() => undefined);
}
