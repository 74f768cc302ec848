import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { MemoryRouter } from "react-router";
import { beforeEach, expect, it, vi } from "vitest";
import { Button, Menu, MenuItem, MenuLink } from "@/ui";

const rename = vi.fn();

beforeEach(() => {
  rename.mockClear();
  render(
    <MemoryRouter>
      <Menu label="File actions" trigger={(props) => <Button {...props}>Actions</Button>}>
        <MenuItem onSelect={rename}>Rename</MenuItem>
        <MenuItem onSelect={() => {}} disabled>
          Move
        </MenuItem>
        <MenuLink to="/elsewhere">Open</MenuLink>
        <MenuItem onSelect={() => {}}>Delete</MenuItem>
      </Menu>
    </MemoryRouter>,
  );
});

const trigger = () => screen.getByRole("button", { name: "Actions" });
const focused = () => document.activeElement?.textContent;

it("opens by the arrow keys at its first or last entry, and says so", async () => {
  const user = userEvent.setup();
  expect(trigger().getAttribute("aria-expanded")).toBe("false");
  trigger().focus();
  await user.keyboard("{ArrowDown}");
  expect(focused()).toBe("Rename");
  expect(trigger().getAttribute("aria-expanded")).toBe("true");
  await user.keyboard("{Escape}");
  expect(focused()).toBe("Actions");
  expect(trigger().getAttribute("aria-expanded")).toBe("false");
  await user.keyboard("{ArrowUp}");
  expect(focused()).toBe("Delete");
});

it("moves around by arrows, Home and End, and passes over what is disabled", async () => {
  const user = userEvent.setup();
  await user.click(trigger());
  const visited = [];
  for (const key of ["ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp", "Home", "End"]) {
    await user.keyboard(`{${key}}`);
    visited.push(focused());
  }
  expect(visited).toEqual(["Open", "Delete", "Rename", "Delete", "Rename", "Delete"]);
});

it("goes to an entry by its first letters", async () => {
  const user = userEvent.setup();
  await user.click(trigger());
  await user.keyboard("de");
  expect(focused()).toBe("Delete");
  await new Promise((resolve) => setTimeout(resolve, 750));
  await user.keyboard("o");
  expect(focused()).toBe("Open");
});

it("does what is chosen once, closes, and gives the focus back", async () => {
  const user = userEvent.setup();
  await user.click(trigger());
  await user.keyboard("{Enter}");
  expect(rename).toHaveBeenCalledTimes(1);
  expect(focused()).toBe("Actions");
  expect(trigger().getAttribute("aria-expanded")).toBe("false");
});

it("has no entry that Tab stops at", () => {
  for (const item of document.querySelectorAll<HTMLElement>('[role="menuitem"]')) expect(item.tabIndex).toBe(-1);
});
