// What is carried from page to page: in this tab only, and gone with it. The key is never in an address.

/** `made` is where the key is ended if it was made here and not pasted. */
export type Name = "key" | "made" | "projectId" | "uploadId" | "fileId" | "uploadUrl" | "url";
export type Kept = Partial<Record<Name, string>>;

const PLACE = "reupload.tryit";
let memory: Kept = {};

export function kept(): Kept {
  try {
    return JSON.parse(sessionStorage.getItem(PLACE) ?? "{}") as Kept;
  } catch {
    // Storage can be forbidden: then it is kept until the page is left.
    return memory;
  }
}

/** Adds to it; undefined takes away. */
export function keep(values: Kept): void {
  memory = { ...kept(), ...values };
  try {
    sessionStorage.setItem(PLACE, JSON.stringify(memory));
  } catch {
    // As above.
  }
}

/** Takes from an answer what the next call needs. */
export function learn(answer: unknown): void {
  const body = (answer ?? {}) as Record<string, unknown>;
  const inside = (name: string) => (body[name] ?? {}) as Record<string, unknown>;
  const first = ((body.files as Record<string, unknown>[] | undefined) ?? [])[0] ?? {};
  const [project] = (body.projects as { id?: string }[] | undefined) ?? [];
  const found: Record<Name, unknown> = {
    key: undefined,
    made: undefined,
    uploadId: body.uploadId ?? first.uploadId,
    fileId: body.fileId ?? first.fileId ?? first.id ?? inside("file").id ?? inside("session").fileId,
    uploadUrl: body.uploadUrl,
    url: inside("access").url ?? inside("file").publicUrl ?? inside("file").url,
    projectId: kept().projectId ?? project?.id,
  };
  keep(Object.fromEntries(Object.entries(found).filter(([, value]) => typeof value === "string")));
}
