import { act, cleanup, renderHook, waitFor } from "@testing-library/react";
import { type ReactNode, StrictMode } from "react";
import { renderToString } from "react-dom/server";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ReuploadClient } from "../src/index.js";
import { type UploadState, type UseReuploadUploadOptions, useReuploadUpload } from "../src/react.js";
import { App, cut, hang } from "./support/app.js";
import { fileOf, until } from "./support/files.js";

let app: App;
let client: ReuploadClient;

beforeEach(async () => {
  app = await App.start();
  client = new ReuploadClient({ apiUrl: app.apiUrl, retries: 0 });
});

afterEach(async () => {
  cleanup();
  await app.stop();
});

const pollOptions = { intervalMs: 5 };
const Page = (options: UseReuploadUploadOptions) => <p>{useReuploadUpload(options).state.status}</p>;
const plain = ({ children }: { children: ReactNode }) => children;

function render(options: UseReuploadUploadOptions = {}, wrapper: typeof plain | typeof StrictMode = plain) {
  const seen: UploadState["status"][] = [];
  const rendered = renderHook(
    (props: UseReuploadUploadOptions) => {
      const hook = useReuploadUpload(props);
      if (seen.at(-1) !== hook.state.status) seen.push(hook.state.status);
      return hook;
    },
    { wrapper, initialProps: { client, pollOptions, ...options } as UseReuploadUploadOptions },
  );
  return { ...rendered, seen, status: () => rendered.result.current.state.status };
}

describe.each([
  ["plain", plain],
  ["StrictMode", StrictMode],
])("useReuploadUpload, %s", (_mode, wrapper) => {
  test("goes from idle to completed", async () => {
    const { result, seen, status } = render({}, wrapper);
    expect(result.current).toMatchObject({ client, state: { status: "idle" }, isUploading: false });
    const upload = await act(() => result.current.upload(fileOf(5), { filename: "x", projectId: "p", isPublic: true }));
    const success = { uploadId: "u1", fileId: "f1", status: "COMPLETED" };
    expect(upload).toEqual(success);
    expect(result.current.state).toEqual({ status: "completed", result: success });
    expect(seen).toEqual(["idle", "uploading", "processing", "completed"]);
    expect(app.of("prepare")[0]?.json).toMatchObject({ filename: "x", projectId: "p", isPublic: true });
    expect(app.of("prepare").length).toBe(1);
    act(() => result.current.reset());
    expect(status()).toBe("idle");
  });

  test("says what went wrong, and the promise resolves with null", async () => {
    const { result } = render({}, wrapper);
    app.once("put", cut);
    expect(await act(() => result.current.upload(fileOf(5)))).toBeNull();
    expect(result.current.state).toMatchObject({ status: "error", error: { code: "NETWORK_ERROR" } });
    expect(await act(() => result.current.upload(fileOf(6)))).toMatchObject({ status: "COMPLETED" });
    expect(result.current.state.status).toBe("completed");
  });

  test("unmounting stops the upload", async () => {
    const { result, unmount } = render({}, wrapper);
    app.once("put", hang);
    let upload: Promise<unknown> = Promise.resolve();
    act(() => {
      upload = result.current.upload(fileOf(5));
    });
    await until(() => app.of("put").length === 1);
    unmount();
    expect(await upload).toBeNull();
    await until(() => app.of("cancel").length === 1);
    expect(app.of("complete")).toEqual([]);
  });
});

describe("useReuploadUpload", () => {
  test("tells progress while it uploads", async () => {
    const { result, status } = render();
    app.once("put", hang);
    act(() => void result.current.upload(fileOf(5)));
    await waitFor(() => expect(result.current.state).toMatchObject({ progress: { phase: "cdn" } }));
    expect(result.current.isUploading).toBe(true);
    expect(status()).toBe("uploading");
  });

  test("another file takes the place of the one under way, whose promise resolves with null", async () => {
    const { result } = render();
    app.once("put", hang);
    let old: Promise<unknown> = Promise.resolve("not yet");
    act(() => {
      old = result.current.upload(fileOf(5));
    });
    await until(() => app.of("put").length === 1);
    const success = await act(() => result.current.upload(fileOf(6)));
    expect(await old).toBeNull();
    expect(success).toMatchObject({ uploadId: "u2" });
    expect(result.current.state).toMatchObject({ status: "completed", result: { uploadId: "u2" } });
  });

  test("refuses what validation refuses, by its latest rules", async () => {
    const { result, rerender } = render({ validation: { maxBytes: 4 } });
    expect(await act(() => result.current.upload(fileOf(5)))).toBeNull();
    expect(result.current.state).toMatchObject({ status: "error", error: { code: "FILE_TOO_LARGE" } });
    rerender({ client, pollOptions, validation: { maxBytes: 5 } });
    expect(await act(() => result.current.upload(fileOf(5)))).not.toBeNull();
  });

  test("without poll it ends at processing", async () => {
    const { result, seen } = render({ poll: false });
    expect(await act(() => result.current.upload(fileOf(5)))).toMatchObject({ uploadId: "u1", status: "processing" });
    expect(seen).toEqual(["idle", "uploading", "processing"]);
    expect(app.of("status")).toEqual([]);
  });

  test("a failure of processing is an error", async () => {
    app.outcome = { status: "FAILED", failureReason: "MALWARE_DETECTED" };
    const { result, seen } = render();
    await act(() => result.current.upload(fileOf(5)));
    expect(result.current.state).toMatchObject({ status: "error", error: { failureReason: "MALWARE_DETECTED" } });
    expect(seen).not.toContain("completed");
  });

  test("upload and reset are the same functions in each render", () => {
    const { result, rerender } = render();
    const { upload, reset } = result.current;
    rerender({ client });
    expect(result.current.upload).toBe(upload);
    expect(result.current.reset).toBe(reset);
  });

  test("without a client it wants the environment's", () => {
    expect(() => renderHook(() => useReuploadUpload())).toThrow(/VITE_API_URL/);
  });

  test("renders on a server", () => {
    expect(renderToString(<Page client={client} />)).toBe("<p>idle</p>");
  });
});
