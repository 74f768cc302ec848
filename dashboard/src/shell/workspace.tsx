import { createContext, use } from "react";
import { type Me, ROLES, type Role } from "@/api/account";

export type Workspace = {
  id: string;
  name: string;
  role: Role;
  /** Whether the signed-in user's role is at least this one. What it forbids the server refuses anyway. */
  can: (role: Role) => boolean;
};

export const MeContext = createContext<Me | null>(null);
export const WorkspaceContext = createContext<Workspace | null>(null);

/** Who is signed in. Only below the shell. */
export function useSignedIn(): Me {
  const me = use(MeContext);
  if (!me) throw new Error("useSignedIn is for pages below the shell");
  return me;
}

/** The workspace of the address. Only on pages of `/w/:workspace`. */
export function useWorkspace(): Workspace {
  const workspace = use(WorkspaceContext);
  if (!workspace) throw new Error("useWorkspace is for pages of a workspace");
  return workspace;
}

export const atLeast = (role: Role, needed: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(needed);
