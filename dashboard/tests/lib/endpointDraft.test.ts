import { describe, expect, test } from "vitest";
import { endpointErrors, newDraft, parseHeaders, toInput, urlHint } from "@/pages/webhooks/endpointDraft";

describe("urlHint", () => {
  test.each(["https://app.example.com/hooks", "https://example.com:8443/a?b=c"])("%s is right", (url) => {
    expect(urlHint(url)).toBeUndefined();
  });

  test.each([
    ["", "Write the address"],
    ["app.example.com/hooks", "whole address"],
    ["ftp://example.com", "begin with https"],
    ["https://", "not an address"],
    ["https://ada:secret@example.com/", "password"],
    ["https://example.com/#hooks", "from # on"],
  ])("%j is an error", (url, part) => {
    expect(urlHint(url)).toMatchObject({ kind: "error", text: expect.stringContaining(part) });
  });

  test.each([
    "http://localhost:8000/hooks",
    "https://127.0.0.1/",
    "https://10.1.2.3/",
    "http://example.com/",
    "https://[::1]/",
  ])("%s depends on the operator", (url) => {
    expect(urlHint(url)).toMatchObject({ kind: "warning", text: expect.stringContaining("operator") });
  });
});

describe("parseHeaders", () => {
  test("one a line, names in lower case, values with colons", () => {
    expect(parseHeaders("Authorization: Bearer a:b\n\n X-Tenant :7 ")).toEqual({
      headers: { authorization: "Bearer a:b", "x-tenant": "7" },
    });
    expect(parseHeaders(" \n")).toEqual({ headers: {} });
  });

  test.each(["no colon", ": value", "bad name: x", "X: ü", "A: 1\na: 2"])("%j is refused", (text) => {
    expect(parseHeaders(text)).toHaveProperty("error");
  });

  test("a line that cannot be read is not repeated, as it may be a password", () => {
    expect(JSON.stringify(parseHeaders("hunter2hunter2"))).not.toContain("hunter2");
  });
});

test("a draft says what is missing, and is sent in the order of the contract", () => {
  expect(Object.keys(endpointErrors({ ...newDraft, events: [], headers: "x" }))).toEqual(["url", "events", "headers"]);
  const draft = { ...newDraft, url: " https://a.example.com/ ", events: ["file.failed", "file.uploaded"] as const };
  expect(endpointErrors({ ...draft, events: [...draft.events] })).toEqual({});
  expect(toInput({ ...draft, events: [...draft.events] })).toEqual({
    url: "https://a.example.com/",
    description: "",
    events: ["file.uploaded", "file.failed"],
  });
});

test("headers are sent only if some are written: an edit keeps those that are there", () => {
  expect(toInput({ ...newDraft, headers: " \n" })).not.toHaveProperty("headers");
  expect(toInput({ ...newDraft, headers: "A: 1" }).headers).toEqual({ a: "1" });
});
