import { expect, it } from "vitest";
import { firstSteps } from "@/pages/overview/firstStepsList";

const known = { workspace: "w", project: "p", hasKey: false, hasFile: false, isAdmin: true };
const actions = (given: Partial<typeof known> | { project: undefined }) =>
  firstSteps({ ...known, ...given }).map(({ action }) => action?.to);

it("leads an admin from one step to the next", () => {
  expect(actions({ project: undefined })).toEqual(["/w/w/projects?new", undefined, undefined, undefined]);
  expect(actions({})).toEqual([undefined, "/w/w/p/p/files", "/w/w/keys", "/w/w/p/p/integrate"]);
  expect(actions({ hasFile: true, hasKey: true })).toEqual([undefined, undefined, undefined, "/w/w/p/p/integrate"]);
});

it("offers nothing that the server would refuse", () => {
  expect(actions({ isAdmin: false, project: undefined })).toEqual([undefined, undefined, undefined, undefined]);
  const [project, , key] = firstSteps({ ...known, isAdmin: false, project: undefined });
  expect(project?.text).toMatch(/Ask an admin/);
  expect(key?.needed).toBe(false);
});
