const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();

const ROWS = [
  ["member.updated", "user", "grace@example.com", { roleBefore: "member", role: "admin" }],
  ["key.created", "key", "Production", { permissions: ["files.read", "files.write"] }],
  ["user.signed_in", "user", "Ada Byron", {}],
  ["invitation.created", "invitation", "katherine@example.com", { role: "member" }],
  ["project.updated", "project", "Customer portal", { changes: ["maxFileSize"] }],
  ["webhook.rotated", "webhook", "https://app.example.com/hooks/reupload", {}],
  ["member.added", "user", "Mary Jackson", { role: "viewer" }, "operator"],
];

const ACCOUNTS = [
  ["user.signed_in", "user", "ada@example.com", { by: "password" }],
  ["user.password_wrong", "user", "ada@example.com", {}, "nobody"],
  ["user.password_wrong", "user", "", {}, "nobody"],
  ["user.logins_ended", "user", "grace@example.com", {}],
  ["user.password_changed", "user", "grace@example.com", {}],
  ["user.link_created", "user", "mary@example.com", {}, "operator"],
];

const NAMES = { operator: "command line", nobody: "nobody" };

const page = (rows) => ({
  entries: rows.map(([action, targetKind, targetName, detail, actorKind = "user"], index) => ({
    id: `0197c1aa-0000-7000-8000-00000000e${index}`,
    at: ago(200 + index * index * 9000),
    actorKind,
    actorId: actorKind === "user" ? "u1" : null,
    actorName: NAMES[actorKind] ?? (index % 3 === 1 ? "Grace Hopper" : "Ada Byron"),
    action,
    targetKind,
    targetId: `0197c1aa-0000-7000-8000-00000000f${index}`,
    targetName,
    detail,
    address: actorKind === "operator" ? null : index === 1 ? "2001:db8:1::7f" : "203.0.113.9",
  })),
  nextCursor: null,
});

export const routes = (data) => ({
  "GET /workspaces/:w/audit": () => page(data === "little" ? ROWS : []),
  "GET /audit": () => page(data === "little" ? ACCOUNTS : []),
});
