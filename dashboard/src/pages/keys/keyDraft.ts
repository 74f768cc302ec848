import type { NewKey, Permission } from "@/api/keys";

export const PERMISSIONS: readonly { id: Permission; label: string; hint: string }[] = [
  { id: "files.read", label: "Read", hint: "See files and their links, and follow uploads." },
  { id: "files.write", label: "Write", hint: "Upload files, and change their names and settings." },
  { id: "files.delete", label: "Delete", hint: "Delete files for ever." },
];

/** After how long a key ends by itself, in seconds; 0 never. */
export const LIVES: readonly { seconds: number; label: string }[] = [
  { seconds: 0, label: "Never" },
  { seconds: 7 * 86_400, label: "In 7 days" },
  { seconds: 30 * 86_400, label: "In 30 days" },
  { seconds: 90 * 86_400, label: "In 90 days" },
  { seconds: 365 * 86_400, label: "In a year" },
];

export type KeyDraft = {
  name: string;
  permissions: Permission[];
  allProjects: boolean;
  projectIds: string[];
  /** One of `LIVES`, in seconds. */
  expiresIn: number;
};

/** What keeps a key from being made, by field. */
export function keyErrors(draft: KeyDraft): Partial<Record<keyof KeyDraft, string>> {
  return {
    ...(draft.name.trim() ? {} : { name: "Give it a name, so that you know later what uses it." }),
    ...(draft.permissions.length > 0
      ? {}
      : { permissions: "A key that may do nothing is of no use. Choose at least one." }),
    ...(draft.allProjects || draft.projectIds.length > 0 ? {} : { projectIds: "Choose at least one project." }),
  };
}

/** As the server takes it. */
export const toNewKey = (draft: KeyDraft): NewKey => ({
  name: draft.name.trim(),
  permissions: PERMISSIONS.map(({ id }) => id).filter((id) => draft.permissions.includes(id)),
  ...(draft.allProjects ? {} : { projectIds: draft.projectIds }),
  ...(draft.expiresIn ? { expiresIn: draft.expiresIn } : {}),
});
