import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { Field, Input } from "@/ui";

it("ties label and hint to the control", () => {
  render(
    <Field label="Name" hint="Others see it.">
      <Input />
    </Field>,
  );
  const input = screen.getByLabelText("Name");
  expect(document.getElementById(input.getAttribute("aria-describedby") ?? "")?.textContent).toBe("Others see it.");
  expect(input.getAttribute("aria-invalid")).toBeNull();
});

it("puts the error in the hint's place, reads it out, and marks the control", () => {
  render(
    <Field label="Name" hint="Others see it." error="Write a name.">
      <Input />
    </Field>,
  );
  const input = screen.getByLabelText("Name");
  expect(input.getAttribute("aria-invalid")).toBe("true");
  expect(document.getElementById(input.getAttribute("aria-describedby") ?? "")).toBe(screen.getByRole("alert"));
  expect(screen.getByRole("alert").textContent).toBe("Write a name.");
  expect(screen.queryByText("Others see it.")).toBeNull();
});
