/** What comes after the bytes: the status, and access to the file. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ReuploadClient } from "../src/index.js";
import { App, answering, refusing } from "./support/app.js";
import { fileOf } from "./support/files.js";

let app: App;
let client: ReuploadClient;

beforeEach(async () => {
  app = await App.start();
  client = new ReuploadClient({ apiUrl: app.apiUrl });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await app.stop();
});

describe("pollUploadStatus", () => {
  test("asks until COMPLETED", async () => {
    await client.uploadFile(fileOf(5));
    app.pendingPolls = 3;
    const result = await client.pollUploadStatus("u1", { intervalMs: 1 });
    expect(result).toEqual({ status: "COMPLETED", fileId: "f1", failureReason: null });
    expect(app.of("status").length).toBe(4);
  });

  test("asks at once, and then every intervalMs", async () => {
    await client.uploadFile(fileOf(5));
    app.pendingPolls = 2;
    const start = Date.now();
    await client.pollUploadStatus("u1", { intervalMs: 100 });
    expect(Date.now() - start).toBeGreaterThanOrEqual(195);
    expect(Date.now() - start).toBeLessThan(1_000);
  });

  test.each([
    ["FAILED", "MALWARE_DETECTED", /Malware/],
    ["FAILED", "SOMETHING_NEW", /SOMETHING_NEW/],
    ["FAILED", null, /failed/],
    ["CANCELLED", null, /cancelled/],
  ])("%s with %s says so in words", async (status, failureReason, message) => {
    await client.uploadFile(fileOf(5));
    app.outcome = { status, failureReason };
    await expect(client.pollUploadStatus("u1")).rejects.toMatchObject({
      code: "UPLOAD_FAILED",
      failureReason: failureReason ?? undefined,
      message,
    });
  });

  test("gives up after maxAttempts", async () => {
    await client.uploadFile(fileOf(5));
    app.pendingPolls = 100;
    const poll = client.pollUploadStatus("u1", { intervalMs: 1, maxAttempts: 3 });
    await expect(poll).rejects.toMatchObject({ code: "POLL_TIMEOUT", status: 0 });
    expect(app.of("status").length).toBe(3);
  });

  test("understands the server's own answer, handed on as it is", async () => {
    const session = { id: "u1", fileId: "f1", status: "FAILED", failureReason: "QUOTA_EXCEEDED" };
    app.once("status", answering(200, JSON.stringify({ session })));
    const expected = { status: "FAILED", fileId: "f1", failureReason: "QUOTA_EXCEEDED" };
    await expect(client.getUploadStatus("u1")).resolves.toEqual(expected);
  });

  test.each(['{"status": "DONE", "fileId": "f1"}', '{"session": {"status": "COMPLETED"}}', "{}"])(
    "does not believe %s",
    async (body) => {
      app.once("status", answering(200, body));
      await expect(client.getUploadStatus("u1")).rejects.toMatchObject({ code: "INVALID_RESPONSE" });
    },
  );
});

describe("getFileAccess", () => {
  test("asks for the variant and whether to save it", async () => {
    const access = await client.getFileAccess("f/1", { variant: "thumb_160", download: true });
    expect(access).toMatchObject({ url: `${app.cdnUrl}/v1/files/f1/name`, accessType: "cdn", expiresIn: 300 });
    await client.getFileAccess("f1");
    expect(app.of("access").map(({ url }) => url)).toEqual([
      "/some/app/files/f%2F1/access?variant=thumb_160&download=true",
      "/some/app/files/f1/access",
    ]);
  });

  test.each(['{"url": "https://x"}', '{"access": {}}', '{"access": null}'])("does not believe %s", async (body) => {
    app.once("access", answering(200, body));
    await expect(client.getFileAccess("f1")).rejects.toMatchObject({ code: "INVALID_RESPONSE" });
  });
});

describe("openFileInNewTab", () => {
  const tab = () => ({ opener: window as Window | null, location: { replace: vi.fn() }, close: vi.fn() });

  test("opens the tab within the click, and then shows the file without a tie to the page", async () => {
    const opened = tab();
    const open = vi.spyOn(window, "open").mockReturnValue(opened as unknown as Window);
    const done = client.openFileInNewTab("f1", { download: true });
    expect(open).toHaveBeenCalledTimes(1);
    await done;
    expect(opened.location.replace).toHaveBeenCalledWith(`${app.cdnUrl}/v1/files/f1/name`);
    expect(opened.opener).toBeNull();
    expect(opened.close).not.toHaveBeenCalled();
    expect(app.of("access")[0]?.url).toContain("download=true");
  });

  test("closes it again when there is no access", async () => {
    const opened = tab();
    vi.spyOn(window, "open").mockReturnValue(opened as unknown as Window);
    app.once("access", refusing(404, "NOT_FOUND"));
    await expect(client.openFileInNewTab("f1")).rejects.toMatchObject({ code: "NOT_FOUND", status: 404 });
    expect(opened.close).toHaveBeenCalledTimes(1);
  });

  test("shows nothing that would run in this page's name", async () => {
    const opened = tab();
    vi.spyOn(window, "open").mockReturnValue(opened as unknown as Window);
    app.once("access", answering(200, '{"access": {"url": "javascript:alert(1)"}}'));
    await expect(client.openFileInNewTab("f1")).rejects.toMatchObject({ code: "INVALID_RESPONSE" });
    expect(opened.location.replace).not.toHaveBeenCalled();
    expect(opened.close).toHaveBeenCalledTimes(1);
  });

  test("says when the browser allows no tab, and asks nothing", async () => {
    vi.spyOn(window, "open").mockReturnValue(null);
    await expect(client.openFileInNewTab("f1")).rejects.toMatchObject({ code: "POPUP_BLOCKED" });
    expect(app.calls).toEqual([]);
  });
});
