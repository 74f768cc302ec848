import { render, screen, waitFor } from "@testing-library/react";
import { renderToString } from "react-dom/server";
import { expect, test, vi } from "vitest";
import * as everything from "../src/index.js";
import { FileUploader, ReuploadProvider, useReuploadContext, useUploader } from "../src/index.js";
import { app, choose, client, fileOf, input, quick, withApp } from "./support/kit.js";

withApp();

function Show() {
  const { client: found, projectId, accept } = useReuploadContext();
  return <p>{[found === client, projectId, accept].join()}</p>;
}

function Lost() {
  useReuploadContext();
  return null;
}

function Own() {
  const { items, totals, isUploading, open, inputProps } = useUploader({ client, ...quick });
  return (
    <>
      <input {...inputProps} />
      <button type="button" onClick={open}>
        pick
      </button>
      <p>{`${items.map(({ state }) => state).join()} ${totals.percent} ${isUploading}`}</p>
    </>
  );
}

test("a provider gives the client and the defaults, and a component's own props go first", async () => {
  const shared = vi.fn();
  const own = vi.fn();
  const view = (onUploadComplete?: () => void) => (
    <ReuploadProvider
      apiUrl={app.apiUrl}
      accept=".pdf"
      projectId="p1"
      onUploadComplete={shared}
      labels={{ choose: () => "Wählen", group: "Upload" }}
      {...quick}
    >
      <FileUploader
        isPublic
        projectId="p2"
        accept={undefined}
        onUploadComplete={onUploadComplete}
        labels={{ group: "Belege" }}
      />
    </ReuploadProvider>
  );
  const { rerender } = render(view());
  expect(screen.getByRole("group", { name: "Belege" })).toBeTruthy();
  expect(screen.getByRole("button", { name: "Wählen" })).toBeTruthy();
  expect(input().accept).toBe(".pdf");
  await choose(fileOf("a.pdf"));
  await screen.findByText("Uploaded");
  expect(app.of("prepare")[0]?.json).toMatchObject({ projectId: "p2", isPublic: true });
  rerender(view(own));
  await choose(fileOf("b.pdf"));
  await waitFor(() => expect(own).toHaveBeenCalledOnce());
  expect(shared).toHaveBeenCalledOnce();
});

test("options that change or go away count from the next file on", async () => {
  const { rerender } = render(<FileUploader client={client} projectId="p1" filename="one.pdf" {...quick} />);
  await choose(fileOf("a.pdf"));
  rerender(<FileUploader client={client} filename={({ name }) => `x-${name}`} {...quick} />);
  await choose(fileOf("b.pdf"));
  rerender(<FileUploader client={client} {...quick} />);
  await choose(fileOf("c.pdf"));
  await waitFor(() => expect(app.of("prepare")).toHaveLength(3));
  expect(app.of("prepare").map(({ json: { filename, projectId } }) => [filename, projectId])).toEqual([
    ["one.pdf", "p1"],
    ["x-b.pdf", undefined],
    ["c.pdf", undefined],
  ]);
});

test("providers nest", () => {
  render(
    <ReuploadProvider client={client} projectId="outer" accept=".pdf">
      <ReuploadProvider projectId="inner">
        <Show />
      </ReuploadProvider>
    </ReuploadProvider>,
  );
  expect(screen.getByText("true,inner,.pdf")).toBeTruthy();
});

test("what is missing is said in words", () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  expect(() => render(<FileUploader />)).toThrow(
    "pass `client` or `apiUrl`, or put the component in a <ReuploadProvider>",
  );
  expect(() => render(<Lost />)).toThrow("outside of a <ReuploadProvider>");
  vi.restoreAllMocks();
});

test("the hook serves a page's own markup", async () => {
  render(<Own />);
  await choose(fileOf("a.pdf"));
  expect(await screen.findByText("completed 100 false")).toBeTruthy();
});

test("every component renders on a server", () => {
  vi.spyOn(console, "error");
  const { FileUploader, ButtonUploader, DropzoneUploader, AvatarUploader, MultiFileUploader, PendingUploadConfirm } =
    everything;
  for (const Uploader of [
    FileUploader,
    ButtonUploader,
    DropzoneUploader,
    AvatarUploader,
    MultiFileUploader,
    PendingUploadConfirm,
  ]) {
    expect(renderToString(<Uploader apiUrl="/api/reupload" />)).toContain('role="group"');
  }
  expect(console.error).not.toHaveBeenCalled();
  vi.restoreAllMocks();
});

test("the package has what the contract names", () => {
  expect(Object.keys(everything).sort()).toEqual([
    "AvatarUploader",
    "ButtonUploader",
    "DropzoneUploader",
    "FileUploader",
    "MultiFileUploader",
    "PendingUploadConfirm",
    "ReuploadProvider",
    "defaultLabels",
    "useReuploadContext",
    "useUploader",
  ]);
});
