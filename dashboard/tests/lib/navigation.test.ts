import { expect, it } from "vitest";
import type { Me, Role } from "@/api/account";
import { groups } from "@/shell/navigation";
import { atLeast, type Workspace } from "@/shell/workspace";

const places = (role: Role, isOperator: boolean, project?: string, hasInbox = false) => {
  const workspace: Workspace = { id: "w1", name: "W", role, can: (needed) => atLeast(role, needed) };
  return groups({ isOperator } as Me, workspace, project, hasInbox).flatMap((group) =>
    group.places.map(({ label }) => label),
  );
};

it("leads to what the role may read", () => {
  expect(places("member", false)).not.toContain("Audit log");
  expect(places("admin", false)).toContain("Audit log");
  expect(places("owner", false)).not.toContain("System");
  expect(places("viewer", true)).toContain("System");
  expect(places("owner", false)).not.toContain("Sign-ins");
  expect(places("viewer", true)).toContain("Sign-ins");
  expect(places("viewer", true)).not.toContain("Webhook inbox");
  expect(places("viewer", true, undefined, true)).toContain("Webhook inbox");
});

it("leads an operator without a workspace to the server's pages", () => {
  const titles = (isOperator: boolean) =>
    groups({ isOperator } as Me, null, undefined, false).map(({ title }) => title);
  expect(titles(true)).toEqual(["Server"]);
  expect(titles(false)).toEqual([]);
});

it("has a project's pages only where there is a project", () => {
  expect(places("viewer", false)).not.toContain("Files");
  expect(places("viewer", false, "p1")).toContain("Files");
});

it("orders the roles", () => {
  const order: Role[] = ["viewer", "member", "admin", "owner"];
  for (const [index, role] of order.entries()) {
    expect(order.filter((needed) => atLeast(role, needed))).toEqual(order.slice(0, index + 1));
  }
});
