import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { MemoryRouter } from "react-router";
import { describe, expect, it, vi } from "vitest";
import { type Column, Table } from "@/ui";

type Row = { id: string; name: string };
const rows: Row[] = ["a", "b", "c", "d", "e"].map((id) => ({ id, name: `File ${id}` }));
const columns: Column<Row>[] = [
  { id: "name", header: "Name", cell: (row) => row.name },
  { id: "size", header: "Size", cell: () => "1 kB" },
];

function Choosing({ report }: { report: (selected: string[]) => void }) {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  report([...selected].sort());
  return (
    <Table
      label="Files"
      columns={columns}
      rows={rows}
      rowKey={(row) => row.id}
      rowLabel={(row) => row.name}
      selected={selected}
      onSelect={setSelected}
    />
  );
}

const box = (name: string) => screen.getByRole("checkbox", { name }) as HTMLInputElement;

describe("selection", () => {
  it("takes one row, then with Shift all up to another, and can take them away again", async () => {
    const user = userEvent.setup();
    const report = vi.fn();
    render(<Choosing report={report} />);
    await user.click(box("Select File b"));
    expect(report).toHaveBeenLastCalledWith(["b"]);
    await user.keyboard("{Shift>}");
    await user.click(box("Select File d"));
    expect(report).toHaveBeenLastCalledWith(["b", "c", "d"]);
    await user.click(box("Select File c"));
    await user.keyboard("{/Shift}");
    expect(report).toHaveBeenLastCalledWith(["b"]);
  });

  it("shows some, all and none in the head's checkbox, which chooses all or none", async () => {
    const user = userEvent.setup();
    const report = vi.fn();
    render(<Choosing report={report} />);
    const head = box("Select all rows");
    expect([head.checked, head.indeterminate]).toEqual([false, false]);
    await user.click(box("Select File a"));
    expect([head.checked, head.indeterminate]).toEqual([false, true]);
    await user.click(head);
    expect(report).toHaveBeenLastCalledWith(["a", "b", "c", "d", "e"]);
    expect([head.checked, head.indeterminate]).toEqual([true, false]);
    expect(screen.getAllByRole("row", { selected: true })).toHaveLength(5);
    await user.click(head);
    expect(report).toHaveBeenLastCalledWith([]);
    for (const id of ["a", "b", "c", "d", "e"]) await user.click(box(`Select File ${id}`));
    expect([head.checked, head.indeterminate]).toEqual([true, false]);
  });
});

describe("where rows are stacked", () => {
  it("all are chosen by a checkbox that says so", async () => {
    const report = vi.fn();
    render(<Choosing report={report} />);
    await userEvent.setup().click(box("Select all"));
    expect(report).toHaveBeenLastCalledWith(["a", "b", "c", "d", "e"]);
  });
});

describe("rows", () => {
  it("lead somewhere by a link of their own name", () => {
    render(
      <MemoryRouter>
        <Table
          label="Files"
          columns={columns}
          rows={rows}
          rowKey={(row) => row.id}
          href={(row) => `/files/${row.id}`}
        />
      </MemoryRouter>,
    );
    expect(screen.getByRole("link", { name: "File c" }).getAttribute("href")).toBe("/files/c");
  });

  it("are grey bars and a busy table while they load, and the empty state without any", () => {
    const table = (loaded: Row[] | undefined) => (
      <Table label="Files" columns={columns} rows={loaded} rowKey={(row) => row.id} empty={<p>No files yet</p>} />
    );
    const { rerender } = render(table(undefined));
    expect(screen.getByRole("table", { name: "Files" }).getAttribute("aria-busy")).toBe("true");
    expect(screen.queryByText("No files yet")).toBeNull();
    rerender(table([]));
    expect(screen.getByText("No files yet")).toBeTruthy();
    expect(screen.queryByRole("table")).toBeNull();
    rerender(table(rows));
    expect(screen.getByRole("table").getAttribute("aria-busy")).toBe("false");
  });
});
