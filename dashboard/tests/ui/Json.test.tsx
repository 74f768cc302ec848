import { render } from "@testing-library/react";
import { expect, it } from "vitest";
import { Json } from "@/ui/Json";

const shown = (text: string) => {
  const { container } = render(<Json text={text} />);
  const parts = [...container.querySelectorAll("span")].map(({ className, textContent }) => [className, textContent]);
  return {
    text: container.textContent,
    parts: parts.map(([kind, part]) => [kind?.match(/name|string|other/)?.[0], part]),
  };
};

it("sets JSON out in lines, with names, strings and other values told apart", () => {
  const { text, parts } = shown('{"a":[1,-2.5e3,true],"b \\"quoted\\"":"x: 1","c":null}');
  expect(text).toBe('{\n  "a": [\n    1,\n    -2.5e3,\n    true\n  ],\n  "b \\"quoted\\"": "x: 1",\n  "c": null\n}');
  expect(parts).toEqual([
    ["name", '"a"'],
    ["other", "1"],
    ["other", "-2.5e3"],
    ["other", "true"],
    ["name", '"b \\"quoted\\""'],
    ["string", '"x: 1"'],
    ["name", '"c"'],
    ["other", "null"],
  ]);
});

it("changes nothing but the space between", () => {
  const { text } = shown('{ "id": 12345678901234567890, "n": 1.0, "a": "\\u00e4, {x}: [1]", "a": [ ], "o": {} }');
  expect(text).toBe(
    '{\n  "id": 12345678901234567890,\n  "n": 1.0,\n  "a": "\\u00e4, {x}: [1]",\n  "a": [],\n  "o": {}\n}',
  );
});

it("leaves anything else as it came", () => {
  for (const text of ["<h1>no</h1>", '{"cut":"of', ""]) expect(shown(text)).toEqual({ text, parts: [] });
});
