import { ROLES, type Role } from "@/api/account";

export const ROLE_NAMES: Record<Role, string> = { viewer: "Viewer", member: "Member", admin: "Admin", owner: "Owner" };

/** What each may do, each with all of those before it. */
export const ROLE_HINTS: Record<Role, string> = {
  viewer: "Looks at everything but secrets.",
  member: "Also uploads, changes and deletes files, and makes signed links.",
  admin: "Also keeps projects, keys, webhooks, members and settings.",
  owner: "Also makes and unmakes owners.",
};

/** The roles that somebody with `role` may give: those of owners are for owners. */
export const givable = (role: Role): readonly Role[] =>
  role === "owner" ? ROLES : role === "admin" ? ROLES.filter((each) => each !== "owner") : [];
