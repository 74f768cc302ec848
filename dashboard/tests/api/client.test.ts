import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { api, path, whenSignedOut } from "@/api/client";
import { ApiError, errorText } from "@/api/error";

const fetched = vi.fn<typeof fetch>();
const signedOut = vi.fn();
const json = (status: number, body: unknown, headers = {}) => new Response(JSON.stringify(body), { status, headers });
const refused = async (call: Promise<unknown>): Promise<ApiError> => {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiError)) throw new Error("it was not refused");
  return error;
};

beforeEach(() => {
  vi.stubGlobal("fetch", fetched);
  whenSignedOut(signedOut);
});
afterEach(() => {
  vi.unstubAllGlobals();
  fetched.mockReset();
  signedOut.mockReset();
});

describe("a request", () => {
  it("has the query without what is absent, and escaped parts of the path", async () => {
    fetched.mockResolvedValue(json(200, { files: [] }));
    await api.get(path`/workspaces/${"a/b?c"}/files`, {
      query: { search: "ü &", cursor: null, folder: undefined, limit: 5 },
    });
    expect(fetched.mock.calls[0]?.[0]).toBe("/api/dashboard/workspaces/a%2Fb%3Fc/files?search=%C3%BC+%26&limit=5");
    expect(fetched.mock.calls[0]?.[1]).not.toHaveProperty("body");
  });

  it("sends JSON by its type, an empty object too: the server takes nothing else", async () => {
    fetched.mockImplementation(async () => json(200, {}));
    await api.post("/sign-out");
    await api.patch("/me", { name: "Ada" });
    for (const [call, body] of [
      [0, "{}"],
      [1, '{"name":"Ada"}'],
    ] as const) {
      expect(fetched.mock.calls[call]?.[1]?.body).toBe(body);
      expect(new Headers(fetched.mock.calls[call]?.[1]?.headers).get("Content-Type")).toBe("application/json");
    }
  });
});

describe("a refusal", () => {
  it("has status, code, sentence, details, request id and the time to wait", async () => {
    const body = { error: "RATE_LIMITED", message: "Wait a little.", requestId: "req_1", details: { limit: 5 } };
    fetched.mockResolvedValue(json(429, body, { "Retry-After": "7" }));
    const error = await refused(api.post("/sign-in", {}));
    expect(error).toMatchObject({ status: 429, code: "RATE_LIMITED", message: "Wait a little." });
    expect(error.extra).toEqual({ requestId: "req_1", details: { limit: 5 }, retryAfter: 7 });
    expect(errorText(error)).toBe("Wait a little.");
  });

  it("names the request where the server is at fault", async () => {
    fetched.mockResolvedValue(json(500, { error: "INTERNAL_ERROR", message: "Something broke.", requestId: "req_9" }));
    expect(errorText(await refused(api.get("/me")))).toBe("Something broke. Request req_9.");
  });

  it("is a sentence even when a proxy answers with HTML", async () => {
    fetched.mockResolvedValue(new Response("<h1>Bad gateway</h1>", { status: 502 }));
    const error = await refused(api.get("/me"));
    expect(error).toMatchObject({ status: 502, code: "UNKNOWN" });
    expect(error.message).toContain("502");
  });

  it("has status 0 when there is no answer, and an abort stays an abort", async () => {
    fetched.mockRejectedValue(new TypeError("Failed to fetch"));
    expect(await refused(api.get("/me"))).toMatchObject({ status: 0, code: "NETWORK" });
    const abort = new AbortController();
    abort.abort();
    fetched.mockRejectedValue(abort.signal.reason);
    await expect(api.get("/me", { signal: abort.signal })).rejects.toBe(abort.signal.reason);
  });

  it("says nothing technical about a fault of the page itself", () => {
    expect(errorText(new TypeError("x is undefined"))).not.toContain("undefined");
  });
});

describe("a 401", () => {
  it("ends the session, except where it is the call's own answer", async () => {
    fetched.mockImplementation(async () => json(401, { error: "UNAUTHORIZED", message: "Sign in first." }));
    await refused(api.post("/sign-in", {}, { anonymous: true }));
    expect(signedOut).not.toHaveBeenCalled();
    await refused(api.get("/workspaces/w/members"));
    expect(signedOut).toHaveBeenCalledTimes(1);
  });

  it("is not what a 403 does", async () => {
    fetched.mockResolvedValue(json(403, { error: "PERMISSION_DENIED", message: "No." }));
    await refused(api.get("/workspaces/w/audit"));
    expect(signedOut).not.toHaveBeenCalled();
  });
});
