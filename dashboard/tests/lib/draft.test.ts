import { describe, expect, test } from "vitest";
import type { Project } from "@/api/projects";
import { draftErrors, toChange, toDraft } from "@/pages/project-settings/draft";

const project: Project = {
  id: "p",
  name: "Portal",
  uploadCorsOrigins: ["https://app.example.com"],
  allowedTypes: ["image/*"],
  typeMismatch: "correct",
  stripMetadata: false,
  retentionDays: null,
  defaultPublic: false,
  scan: "when_available",
  usage: {
    storedBytes: 12,
    reservedBytes: 0,
    storedFiles: 1,
    reservedFiles: 0,
    maxBytes: 5_368_709_120,
    maxFiles: 1000,
    maxFileSize: null,
  },
  ownerMaxBytes: null,
  ownerMaxFiles: null,
  ownerMaxFileSize: 1_234_567,
  createdAt: "2026-01-01T00:00:00Z",
  updatedAt: "2026-01-01T00:00:00Z",
};
const draft = toDraft(project);

test("an untouched form has no error and changes nothing, whatever the figures", () => {
  expect(draftErrors(draft)).toEqual({});
  expect(toChange(draft, project)).toEqual({});
  expect(draft).toMatchObject({ maxBytes: "5 GiB", maxFiles: "1000", maxFileSize: "", ownerMaxFileSize: "1234567 B" });
});

test("only what was changed is sent", () => {
  expect(toChange({ ...draft, name: " Portal 2 ", maxFileSize: "25 MB" }, project)).toEqual({
    name: "Portal 2",
    maxFileSize: 25_000_000,
  });
});

test("another spelling of the same is no change", () => {
  expect(
    toChange({ ...draft, maxBytes: "5120 MiB", maxFiles: "1,000", allowedTypes: ["IMAGE/*", ""] }, project),
  ).toEqual({});
});

test("an emptied limit is sent as 0, which is none", () => {
  expect(toChange({ ...draft, maxBytes: "", maxFiles: " " }, project)).toEqual({ maxBytes: 0, maxFiles: 0 });
});

describe("errors", () => {
  test.each([
    ["name", { name: "  " }],
    ["uploadCorsOrigins", { uploadCorsOrigins: ["https://app.example.com/x"] }],
    ["uploadCorsOrigins", { uploadCorsOrigins: ["https://a.example.com", "https://a.example.com"] }],
    ["allowedTypes", { allowedTypes: ["png"] }],
    ["maxBytes", { maxBytes: "lots" }],
    ["maxFileSize", { maxFileSize: "0" }],
    ["ownerMaxBytes", { ownerMaxBytes: "-1 GB" }],
    ["maxFiles", { maxFiles: "1.5" }],
    ["ownerMaxFiles", { ownerMaxFiles: "0" }],
    ["retentionDays", { retentionDays: "36501" }],
    ["retentionDays", { retentionDays: "a week" }],
  ])("%s: %j", (name, change) => {
    expect(Object.keys(draftErrors({ ...draft, ...change }))).toEqual([name]);
  });

  test("what is only warned of can be saved", () => {
    expect(draftErrors({ ...draft, uploadCorsOrigins: ["http://example.com"], retentionDays: "36500" })).toEqual({});
  });
});
