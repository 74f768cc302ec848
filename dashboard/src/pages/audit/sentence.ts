import type { AuditEntry } from "@/api/audit";

/** What is not said by noun and verb alone. `{target}` is the name of what it was done to, other braces are of the detail. */
const SENTENCES: Record<string, string> = {
  "user.set_up": "Made the first account",
  "user.signed_in": "Signed in",
  "user.password_wrong": "Gave a wrong password for {target}",
  "user.updated": "Changed the account {target}",
  "user.created": "Made the account {target}",
  "user.deleted": "Deleted the account {target}",
  "user.password_changed": "Changed their password",
  "user.password_reset": "Set a new password by a link",
  "user.logins_ended": "Ended logins of {target}",
  "user.link_created": "Made a one-time link for {target}",
  "member.updated": "Changed the role of {target} to {role}",
  "webhook.rotated": "Gave the webhook {target} a new secret",
  "webhook.tested": "Sent a test event to {target}",
  "invitation.created": "Invited {target} as {role}",
  "invitation.deleted": "Took back the invitation of {target}",
  "invitation.accepted": "Joined by an invitation",
};

/** Who did it, in a few words. `nobody` had not signed in. */
export const actor = ({ actorKind, actorName }: Pick<AuditEntry, "actorKind" | "actorName">): string =>
  actorKind === "nobody" ? "Not signed in" : actorName;

/** A row of the audit log as what somebody did. An action that is not known here is read as `noun.verb`. */
export function sentence({ action, targetName, detail }: Pick<AuditEntry, "action" | "targetName" | "detail">): string {
  // The address that was tried is not written down.
  if (action === "user.password_wrong" && !targetName) return "Tried to sign in to an account that does not exist";
  const known = SENTENCES[action];
  if (known) {
    const words: Record<string, unknown> = { ...detail, target: targetName || "somebody" };
    return known.replace(/\{(\w+)\}/g, (_, name: string) => String(words[name] ?? "…"));
  }
  const [noun = "", verb = ""] = action.split(".");
  const words = `${verb} ${noun} ${targetName}`.replaceAll("_", " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
