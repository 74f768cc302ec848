import { fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { SecretDialog } from "@/ui";

test("it does not close before the secret is said to be saved, whatever is pressed", async () => {
  const user = userEvent.setup();
  const onClose = vi.fn();
  render(<SecretDialog title="Ready" description="Once." label="API key" secret="ru_secret" onClose={onClose} />);
  const dialog = screen.getByRole("dialog");
  const leave = () => {
    fireEvent(dialog, new Event("cancel", { cancelable: true }));
    fireEvent.mouseDown(dialog);
    fireEvent.click(screen.getByRole("button", { name: "Close" }));
    fireEvent.click(screen.getByRole("button", { name: "Done" }));
  };
  leave();
  expect(onClose).not.toHaveBeenCalled();
  expect(screen.getByText("ru_secret")).toBeTruthy();

  await user.click(screen.getByRole("checkbox", { name: "I have saved it" }));
  await user.click(screen.getByRole("button", { name: "Done" }));
  expect(onClose).toHaveBeenCalledTimes(1);
});
