export const WORKSPACE = "0197c1aa-0000-7000-8000-000000000001";
export const PROJECT = "0197c1aa-0000-7000-8000-0000000000a1";

const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();
const soon = (seconds) => ago(-seconds);
const DAY = 86_400;

export function routes(data) {
  const little = data === "little";
  const me = {
    user: { id: "u1", email: "ada@example.com", name: "Ada Byron", createdAt: ago(80 * DAY) },
    isOperator: true,
    workspaces: [
      { id: WORKSPACE, name: "Northwind Studio", role: "owner" },
      ...(little ? [{ id: "w2", name: "Side project", role: "viewer" }] : []),
    ],
  };
  const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
  const iphone =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";
  const chrome =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
  const login = (id, userAgent, created, seen, isCurrent = false) => ({
    id,
    userAgent,
    createdAt: ago(created),
    lastSeenAt: ago(seen),
    expiresAt: soon(12 * DAY),
    isCurrent,
  });
  const member = (userId, name, email, role, days) => ({ userId, name, email, role, createdAt: ago(days * DAY) });
  return {
    "GET /me": () => me,
    "PATCH /me": ({ body }) => ({ ...me, user: { ...me.user, ...body } }),
    "POST /me/password": ({ body }) =>
      body.currentPassword === "wrong"
        ? { status: 403, body: { error: "PERMISSION_DENIED", message: "The present password is not right." } }
        : {},
    "GET /setup": () => ({ needed: !little }),
    "POST /setup": () => me,
    "POST /sign-in": () => ({
      status: 401,
      body: { error: "UNAUTHORIZED", message: "This e-mail and password do not belong together." },
    }),
    "POST /sign-out": () => ({}),
    "POST /sign-out-everywhere": () => ({}),
    "POST /invitations/look": () => ({
      workspace: "Northwind Studio",
      role: "member",
      email: little ? "grace@example.com" : null,
      invitedBy: "Ada Byron",
      expiresAt: soon(6 * DAY),
    }),
    "GET /me/logins": () => ({
      logins: [
        login("l1", firefox, 3 * DAY, 30, true),
        ...(little ? [login("l2", iphone, 9 * DAY, 5 * 3600), login("l3", chrome, 20 * DAY, 2 * DAY)] : []),
      ],
    }),
    "GET /workspaces/:w": ({ params }) => ({
      workspace: {
        id: params.w,
        name: "Northwind Studio",
        role: "owner",
        maxFileSize: little ? 5e9 : null,
        createdAt: ago(80 * DAY),
      },
    }),
    "PATCH /workspaces/:w": ({ params, body }) => ({ workspace: { id: params.w, ...body } }),
    "GET /workspaces/:w/members": () => ({
      members: [
        member("u1", "Ada Byron", "ada@example.com", "owner", 80),
        ...(little
          ? [
              member("u2", "Grace Hopper", "grace@example.com", "admin", 61),
              member("u3", "", "a.rather.long.address.of.somebody@engineering.example.com", "member", 12),
              member("u4", "Mary Jackson", "mary@example.com", "viewer", 2),
            ]
          : []),
      ],
    }),
    "GET /workspaces/:w/invitations": () => ({
      invitations: little
        ? [
            {
              id: "i1",
              email: "katherine@example.com",
              role: "member",
              invitedBy: "Ada Byron",
              createdAt: ago(DAY),
              expiresAt: soon(6 * DAY),
            },
            {
              id: "i2",
              email: null,
              role: "viewer",
              invitedBy: "Grace Hopper",
              createdAt: ago(5 * DAY),
              expiresAt: soon(2 * DAY),
            },
          ]
        : [],
    }),
    "POST /workspaces/:w/invitations": ({ body }) => ({
      invitation: {
        id: "i9",
        email: null,
        ...body,
        invitedBy: "Ada Byron",
        createdAt: ago(0),
        expiresAt: soon(7 * DAY),
      },
      url: "https://files.example.com/join#token=l7Fh2mUqkU2mJ0hS8b1vQnqPZzVbYxv3oWm8Qe0aJXc",
    }),
    "PATCH /workspaces/:w/members/:user": ({ params, body }) => ({ member: { userId: params.user, ...body } }),
    "DELETE /workspaces/:w/members/:user": () => ({}),
    "DELETE /workspaces/:w/invitations/:id": () => ({}),
  };
}
