import { spawnSync } from "node:child_process";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { envFile, languages } from "@/pages/integrate/snippets";

const input = {
  apiBaseUrl: "https://files.example.com/api/v1",
  projectId: "0197c1aa-0000-7000-8000-0000000000a1",
  apiKey: "ru_secret",
};
const steps = languages(input).flatMap((language) =>
  language.steps.map((step) => ({ ...step, language: language.id })),
);

test("the .env file has the guide's three variables and nothing else", () => {
  expect(envFile(input).split("\n")).toEqual([
    "REUPLOAD_API_KEY=ru_secret",
    "REUPLOAD_PROJECT_ID=0197c1aa-0000-7000-8000-0000000000a1",
    "REUPLOAD_API_BASE_URL=https://files.example.com/api/v1",
    "",
  ]);
});

test("curl has the project's own ids, the key and the address", () => {
  const [upload] = steps.filter(({ language }) => language === "curl");
  expect(upload?.code).toContain("-F projectId=0197c1aa-0000-7000-8000-0000000000a1");
  expect(upload?.code).toContain("Authorization: Bearer ru_secret");
  expect(upload?.code).toContain("https://files.example.com/api/v1/uploads/direct");
});

test("no code that runs in a browser, or is kept in a repository, has the key in it", () => {
  for (const { code } of steps.filter(({ language }) => language !== "curl")) expect(code).not.toContain("ru_secret");
});

describe("each snippet is whole", () => {
  test.each(steps.filter(({ title }) => title === "Terminal"))("sh: $language $id", ({ code }) => {
    const { status, stderr } = spawnSync("sh", ["-n"], { input: code, encoding: "utf8" });
    expect(`${status} ${stderr}`).toBe("0 ");
  });

  test.each(steps.filter(({ title }) => title.endsWith(".py")))("python: $id", ({ code }) => {
    const { status, stderr } = spawnSync("python3", ["-c", "import ast, sys; ast.parse(sys.stdin.read())"], {
      input: code,
      encoding: "utf8",
    });
    expect(`${status} ${stderr}`).toBe("0 ");
  });

  test.each(steps.filter(({ title }) => /\.m?tsx?$/.test(title)))("typescript: $title", ({ code, title }) => {
    const { diagnostics } = ts.transpileModule(code, {
      fileName: title,
      reportDiagnostics: true,
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, jsx: ts.JsxEmit.ReactJSX },
    });
    expect(diagnostics).toEqual([]);
  });
});
