const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();

const ROWS = [
  ["member.updated", "user", "grace@example.com", { roleBefore: "member", role: "admin" }],
  ["key.created", "key", "Production", { permissions: ["files.read", "files.write"] }],
  ["user.signed_in", "user", "Ada Byron", {}],
  ["invitation.created", "invitation", "katherine@example.com", { role: "member" }],
  ["project.updated", "project", "Customer portal", { changes: ["maxFileSize"] }],
  ["webhook.rotated", "webhook", "https://app.example.com/hooks/reupload", {}],
  ["member.added", "user", "Mary Jackson", { role: "viewer" }],
];

export const routes = (data) => ({
  "GET /workspaces/:w/audit": () => ({
    entries: (data === "little" ? ROWS : []).map(([action, targetKind, targetName, detail], index) => {
      const isOperator = action === "member.added";
      return {
        id: `0197c1aa-0000-7000-8000-00000000e${index}`,
        at: ago(200 + index * index * 9000),
        actorKind: isOperator ? "operator" : "user",
        actorId: isOperator ? null : "u1",
        actorName: isOperator ? "command line" : index % 3 === 1 ? "Grace Hopper" : "Ada Byron",
        action,
        targetKind,
        targetId: `0197c1aa-0000-7000-8000-00000000f${index}`,
        targetName,
        detail,
        address: isOperator ? null : index === 1 ? "2001:db8:1::7f" : "203.0.113.9",
      };
    }),
    nextCursor: null,
  }),
});
