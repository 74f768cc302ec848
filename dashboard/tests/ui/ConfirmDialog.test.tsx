import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { ApiError } from "@/api/error";
import { ConfirmDialog } from "@/ui";

const ask = (onConfirm: () => Promise<unknown>, onClose: () => void, typed?: string) =>
  render(
    <ConfirmDialog open onClose={onClose} title="Delete?" action="Delete project" typed={typed} onConfirm={onConfirm}>
      All of it.
    </ConfirmDialog>,
  );
const action = () => screen.getByRole("button", { name: "Delete project" }) as HTMLButtonElement;

it("begins at Cancel, so that Enter destroys nothing by accident", () => {
  ask(vi.fn(), vi.fn());
  expect(document.activeElement?.textContent).toBe("Cancel");
});

it("does nothing until the name is written", async () => {
  const user = userEvent.setup();
  const onConfirm = vi.fn().mockResolvedValue(undefined);
  ask(onConfirm, vi.fn(), "Portal");
  expect(document.activeElement?.tagName).toBe("INPUT");
  await user.keyboard("Porta{Enter}");
  expect(action().disabled).toBe(true);
  expect(onConfirm).not.toHaveBeenCalled();
  await user.keyboard("l{Enter}");
  expect(onConfirm).toHaveBeenCalledTimes(1);
});

it("closes when it is done, and not before", async () => {
  const user = userEvent.setup();
  const onClose = vi.fn();
  let finish = () => {};
  const onConfirm = vi.fn(() => new Promise<void>((resolve) => (finish = resolve)));
  ask(onConfirm, onClose);
  await user.click(action());
  await user.click(action());
  expect(onConfirm).toHaveBeenCalledTimes(1);
  expect(onClose).not.toHaveBeenCalled();
  finish();
  await waitFor(() => expect(onClose).toHaveBeenCalledTimes(1));
});

it("stays and says why when it is refused", async () => {
  const user = userEvent.setup();
  const onClose = vi.fn();
  ask(() => Promise.reject(new ApiError(409, "CONFLICT", "The last owner stays.")), onClose);
  await user.click(action());
  expect((await screen.findByRole("alert")).textContent).toBe("The last owner stays.");
  expect(onClose).not.toHaveBeenCalled();
  expect(action().getAttribute("aria-busy")).toBeNull();
});
