import { expect, it } from "vitest";
import { firstSteps } from "@/pages/overview/firstStepsList";

const known = { workspace: "w", project: "p", hasKey: false, hasFile: false, hasAppFile: false, isAdmin: true };
const actions = (given: Partial<typeof known> | { project: undefined }) =>
  firstSteps({ ...known, ...given }).map(({ action }) => action?.to);

it("leads an admin from one step to the next", () => {
  expect(actions({ project: undefined })).toEqual(["/w/w/projects?new", undefined, undefined, undefined]);
  expect(actions({})).toEqual([undefined, "/w/w/p/p/files", "/w/w/keys", "/w/w/p/p/integrate"]);
  expect(actions({ hasFile: true, hasKey: true })).toEqual([undefined, undefined, undefined, "/w/w/p/p/integrate"]);
});

it("stays until a file has come out of the app, for those who can see to that", () => {
  const isLeft = (given: Partial<typeof known>) =>
    firstSteps({ ...known, hasKey: true, hasFile: true, ...given }).some((step) => step.needed && !step.done);
  expect(isLeft({})).toBe(true);
  expect(isLeft({ hasAppFile: true })).toBe(false);
  expect(isLeft({ isAdmin: false })).toBe(false);
});

it("offers nothing that the server would refuse", () => {
  expect(actions({ isAdmin: false, project: undefined })).toEqual([undefined, undefined, undefined, undefined]);
  const [project, , key] = firstSteps({ ...known, isAdmin: false, project: undefined });
  expect(project?.text).toMatch(/Ask an admin/);
  expect(key?.needed).toBe(false);
});
