import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test } from "vitest";
import { originHint, splitList } from "@/lib/origins";
import { ListInput } from "@/ui";

function Origins({ first = [] }: { first?: string[] }) {
  const [values, setValues] = useState(first);
  return (
    <>
      <ListInput
        label="Origins"
        noun="origin"
        values={values}
        onChange={setValues}
        check={originHint}
        split={splitList}
      />
      <output>{JSON.stringify(values)}</output>
    </>
  );
}
const values = () => JSON.parse(screen.getByRole("status").textContent ?? "");
const at = (row: number) => screen.getByRole("textbox", { name: `Origin ${row}` });

test("an added row has the focus, and Enter adds the next one", async () => {
  const user = userEvent.setup();
  render(<Origins />);
  await user.click(screen.getByRole("button", { name: "Add origin" }));
  expect(document.activeElement).toBe(at(1));
  await user.keyboard("https://a.example.com{Enter}https://b.example.com{Enter}{Enter}");
  expect(values()).toEqual(["https://a.example.com", "https://b.example.com", ""]);
});

test("a pasted list becomes rows, and keeps what was there", async () => {
  const user = userEvent.setup();
  render(<Origins first={["https://a.example.com", ""]} />);
  await user.click(at(2));
  await user.paste("'https://b.example.com', 'https://c.example.com'");
  expect(values()).toEqual(["https://a.example.com", "https://b.example.com", "https://c.example.com"]);
});

test("a mistake is told beside its row, and mended by one press", async () => {
  const user = userEvent.setup();
  render(<Origins first={["https://a.example.com/path"]} />);
  expect(at(1).getAttribute("aria-invalid")).toBe("true");
  const said = document.getElementById(at(1).getAttribute("aria-describedby") ?? "");
  expect(said?.textContent).toContain("no path");
  await user.click(screen.getByRole("button", { name: "Use https://a.example.com" }));
  expect(values()).toEqual(["https://a.example.com"]);
  expect(at(1).getAttribute("aria-invalid")).toBeNull();
});

test("a removed row gives the focus to the one before it, the last to the button", async () => {
  const user = userEvent.setup();
  render(<Origins first={["https://a.example.com", "https://b.example.com"]} />);
  await user.click(screen.getByRole("button", { name: "Remove https://b.example.com" }));
  expect(document.activeElement).toBe(at(1));
  await user.click(screen.getByRole("button", { name: "Remove https://a.example.com" }));
  expect(document.activeElement).toBe(screen.getByRole("button", { name: "Add origin" }));
  expect(values()).toEqual([]);
});
