import type { AuditEntry } from "@/api/workspaces";

/** What is not said by noun and verb alone. `{}` is the name of the target. */
const SENTENCES: Record<string, string> = {
  "user.set_up": "Made the first account",
  "user.signed_in": "Signed in",
  "user.updated": "Changed the account {}",
  "user.created": "Made the account {}",
  "user.deleted": "Deleted the account {}",
  "user.password_changed": "Changed their password",
  "user.password_reset": "Set a new password by a link",
  "user.logins_ended": "Ended logins of {}",
  "user.link_created": "Made a one-time link for {}",
  "member.updated": "Changed the role of {}",
  "invitation.created": "Invited {}",
  "invitation.deleted": "Took back the invitation of {}",
  "invitation.accepted": "Joined by an invitation",
};

/** A row of the audit log as what somebody did. An action that is not known here is read as `noun.verb`. */
export function sentence({ action, targetName }: Pick<AuditEntry, "action" | "targetName">): string {
  const known = SENTENCES[action];
  if (known) return known.replace("{}", targetName || "somebody");
  const [noun = "", verb = ""] = action.split(".");
  const words = `${verb} ${noun} ${targetName}`.replaceAll("_", " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
