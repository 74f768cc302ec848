import { expect, test } from "vitest";
import { isInUse } from "@/api/keys";
import { keyErrors, toNewKey } from "@/pages/keys/keyDraft";

const draft = {
  name: " Portal ",
  permissions: ["files.write" as const, "files.read" as const],
  allProjects: false,
  projectIds: ["p1"],
  expiresIn: 0,
};

test("a key is sent with its name trimmed and its permissions in their usual order", () => {
  expect(toNewKey(draft)).toEqual({
    name: "Portal",
    permissions: ["files.read", "files.write"],
    projectIds: ["p1"],
  });
});

test("a key for all projects names none", () => {
  expect(toNewKey({ ...draft, allProjects: true })).not.toHaveProperty("projectIds");
});

test("a key ends by itself only if that is asked for", () => {
  expect(toNewKey(draft)).not.toHaveProperty("expiresIn");
  expect(toNewKey({ ...draft, expiresIn: 604_800 })).toHaveProperty("expiresIn", 604_800);
});

test("a key is in use until it is revoked or has ended", () => {
  const now = Date.parse("2026-11-29T12:00:00Z");
  expect(isInUse({ revokedAt: null, expiresAt: null }, now)).toBe(true);
  expect(isInUse({ revokedAt: null, expiresAt: "2026-11-29T12:00:01Z" }, now)).toBe(true);
  expect(isInUse({ revokedAt: null, expiresAt: "2026-11-29T12:00:00Z" }, now)).toBe(false);
  expect(isInUse({ revokedAt: "2026-11-01T00:00:00Z", expiresAt: null }, now)).toBe(false);
});

test("a key without a name, a permission or a project is not made", () => {
  expect(Object.keys(keyErrors({ ...draft, name: " ", permissions: [], projectIds: [] }))).toEqual([
    "name",
    "permissions",
    "projectIds",
  ]);
  expect(keyErrors(draft)).toEqual({});
  expect(keyErrors({ ...draft, allProjects: true, projectIds: [] })).toEqual({});
});
