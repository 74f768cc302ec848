import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it } from "vitest";
import { Tabs } from "@/ui";

const tabs = ["One", "Two", "Three"].map((label) => ({ id: label.toLowerCase(), label }));

function Example() {
  const [value, setValue] = useState("one");
  return (
    <Tabs label="Numbers" tabs={tabs} value={value} onChange={setValue}>
      Content of {value}
    </Tabs>
  );
}

it("chooses by arrows, Home and End, around both ends, and has one stop for Tab", async () => {
  const user = userEvent.setup();
  render(<Example />);
  await user.tab();
  const visited = [];
  for (const key of ["ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft", "Home", "End"]) {
    await user.keyboard(`{${key}}`);
    visited.push(document.activeElement?.textContent);
  }
  expect(visited).toEqual(["Two", "Three", "One", "Three", "One", "Three"]);
  expect(screen.getByRole("tabpanel", { name: "Three" }).textContent).toBe("Content of three");
  expect(screen.getAllByRole("tab").filter((tab) => tab.tabIndex === 0)).toHaveLength(1);
});
