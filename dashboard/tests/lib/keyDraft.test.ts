import { expect, test } from "vitest";
import { keyErrors, toNewKey } from "@/pages/keys/keyDraft";

const draft = {
  name: " Portal ",
  permissions: ["files.write" as const, "files.read" as const],
  allProjects: false,
  projectIds: ["p1"],
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

test("a key without a name, a permission or a project is not made", () => {
  expect(Object.keys(keyErrors({ name: " ", permissions: [], allProjects: false, projectIds: [] }))).toEqual([
    "name",
    "permissions",
    "projectIds",
  ]);
  expect(keyErrors(draft)).toEqual({});
  expect(keyErrors({ ...draft, allProjects: true, projectIds: [] })).toEqual({});
});
