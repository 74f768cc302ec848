import { render } from "@testing-library/react";
import { expect, it } from "vitest";
import { formatBytes, formatMark } from "@/lib/format";
import { Chart } from "@/ui";

const marks = (values: number[], format: (value: number) => string) => {
  const points = values.map((value, index) => ({ label: `Nov ${index + 1}`, value }));
  const { container } = render(<Chart label="Stored" points={points} format={format} />);
  return [...container.querySelectorAll(".rule")].map((rule) => rule.textContent);
};

it("marks nothing, half and a round number above the highest value", () => {
  expect(marks([0, 180, 90], formatBytes)).toEqual(["0 B", "100 B", "200 B"]);
  expect(marks([1, 0], formatMark)).toEqual(["0", "", "1"]);
  expect(marks([12_000, 0], formatMark)).toEqual(["0", "7.5K", "15K"]);
});

it("has no scale where all is nothing", () => {
  expect(marks([0, 0], formatBytes)).toEqual(["0 B", "", ""]);
});
