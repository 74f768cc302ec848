import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { type ComponentType, StrictMode } from "react";
import { describe, expect, test, vi } from "vitest";
import {
  AvatarUploader,
  ButtonUploader,
  DropzoneUploader,
  FileUploader,
  MultiFileUploader,
  PendingUploadConfirm,
  type UploaderProps,
} from "../src/index.js";
import {
  app,
  choose,
  client,
  drop,
  fileOf,
  group,
  HeldClient,
  live,
  notice,
  quick,
  reason,
  rows,
  withApp,
} from "./support/kit.js";
import { objectUrls } from "./support/setup.js";

withApp();

const picture = (name = "me.png") => fileOf(name, 50, "image/png");

const all: Record<string, ComponentType<UploaderProps>> = {
  FileUploader,
  ButtonUploader,
  DropzoneUploader,
  AvatarUploader,
  MultiFileUploader,
  PendingUploadConfirm,
};

describe.each(Object.entries(all))("%s", (name, Uploader) => {
  const send = async () => {
    if (name === "PendingUploadConfirm") await userEvent.click(screen.getByRole("button", { name: "Upload 1 file" }));
  };

  test("uploads a chosen file and says so once, also in StrictMode", async () => {
    const onUploadComplete = vi.fn();
    const props = { client, onUploadComplete, className: "mine", ...quick };
    render(
      <StrictMode>
        <Uploader {...props} />
      </StrictMode>,
    );
    await choose(picture());
    await send();
    expect(await screen.findByText("Uploaded")).toBeTruthy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(onUploadComplete).toHaveBeenCalledOnce();
    expect(onUploadComplete.mock.lastCall?.[0]).toMatchObject({ uploadId: "u1", fileId: "f1", status: "COMPLETED" });
    expect(onUploadComplete.mock.lastCall?.[1]).toMatchObject({ name: "me.png", state: "completed" });
    expect(app.of("prepare").map(({ json }) => json)).toEqual([
      { filename: "me.png", contentType: "image/png", size: 50 },
    ]);
    expect(group().classList).toContain("mine");
  });

  test("takes a dropped file, and none while it is disabled", async () => {
    const view = render(<Uploader client={client} disabled {...quick} />);
    expect(drop([picture()])).toBe(false);
    for (const button of screen.getAllByRole<HTMLButtonElement>("button")) expect(button.disabled).toBe(true);
    view.rerender(<Uploader client={client} {...quick} />);
    expect(drop([picture("other.png")])).toBe(false);
    await send();
    expect(await screen.findByText("Uploaded")).toBeTruthy();
    expect(app.of("prepare").map(({ json }) => json.filename)).toEqual(["other.png"]);
  });

  test("draws what the render prop says, and still takes a drop", async () => {
    render(
      <Uploader client={client} immediateUpload {...quick}>
        {({ items, start }) => (
          <button type="button" onClick={() => start()}>
            {items.map((item) => `${item.name}: ${item.state}`).join() || "none"}
          </button>
        )}
      </Uploader>,
    );
    expect(screen.getAllByRole("button")).toHaveLength(1);
    drop([picture()]);
    if (name === "PendingUploadConfirm") await userEvent.click(screen.getByRole("button", { name: "me.png: idle" }));
    expect(await screen.findByText("me.png: completed")).toBeTruthy();
  });

  test("shows the progress of the bytes", async () => {
    const held = new HeldClient({ apiUrl: app.apiUrl });
    render(<Uploader client={held} />);
    await choose(picture());
    await send();
    await waitFor(() => expect(held.puts).toHaveLength(1));
    held.puts[0]?.onProgress(20);
    const bar = await screen.findByRole("progressbar", { name: "Upload of me.png" });
    await waitFor(() => expect(bar.getAttribute("aria-valuenow")).toBe("40"));
    expect(screen.getByText("40 %")).toBeTruthy();
    await waitFor(() => expect(live().textContent).toBe("Uploading 1 file."));
  });
});

test("MultiFileUploader shows the progress of all files together", async () => {
  const held = new HeldClient({ apiUrl: app.apiUrl });
  render(<MultiFileUploader client={held} concurrency={2} />);
  await choose(fileOf("a.pdf", 100), fileOf("b.pdf", 300));
  await waitFor(() => expect(held.puts).toHaveLength(2));
  held.puts[0]?.onProgress(100);
  held.puts[1]?.onProgress(100);
  const total = screen.getByRole("progressbar", { name: "Upload of all files" });
  await waitFor(() => expect(total.getAttribute("aria-valuenow")).toBe("50"));
  expect(screen.getByText("0 of 2 uploaded")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Cancel all" }));
  expect(screen.getAllByText("Cancelled")).toHaveLength(2);
  expect(held.puts.every(({ signal }) => signal?.aborted)).toBe(true);
});

test("ButtonUploader takes one file, and a new one replaces it", async () => {
  render(<ButtonUploader client={client} {...quick} />);
  drop([fileOf("a.pdf"), fileOf("b.pdf")]);
  expect(notice()).toBe("Only one file can be added. The first one was taken.");
  await screen.findByText("Uploaded");
  drop([fileOf("c.pdf")]);
  expect(notice()).toBeUndefined();
  await waitFor(() =>
    expect(rows().map((row) => row.querySelector("[title]")?.getAttribute("title"))).toContain("c.pdf"),
  );
  expect(rows()).toHaveLength(1);
});

test("PendingUploadConfirm sends nothing before it is told to, and can forget what was chosen", async () => {
  render(<PendingUploadConfirm client={client} {...quick} />);
  await choose(fileOf("a.pdf", 1024), fileOf("b.pdf", 1024));
  expect(screen.getByText("2 files, 2 KB")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Clear list" }));
  expect(rows()).toHaveLength(0);
  await choose(fileOf("c.pdf"));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(app.calls).toHaveLength(0);
  await userEvent.click(screen.getByRole("button", { name: "Upload 1 file" }));
  await screen.findByText("Uploaded");
  expect(app.of("prepare")).toHaveLength(1);
});

test("DropzoneUploader sums several files up, and lists those that failed", async () => {
  render(<DropzoneUploader client={client} validation={{ maxBytes: 200 }} {...quick} />);
  await choose(fileOf("a.pdf"), fileOf("b.pdf"), fileOf("huge.pdf", 201));
  expect(await screen.findByText("2 of 3 uploaded, 1 failed")).toBeTruthy();
  expect(rows()).toHaveLength(1);
  expect(rows()[0]?.textContent).toContain("Too large. The limit is 200 B.");
});

describe("AvatarUploader", () => {
  const shown = () => document.querySelector(".reupload-avatar-photo img")?.getAttribute("src");

  test("shows the old photo, then the chosen one, and frees what it showed", async () => {
    const { unmount } = render(<AvatarUploader client={client} src="/old.png" {...quick} />);
    expect(shown()).toBe("/old.png");
    await choose(picture());
    expect([...objectUrls]).toEqual([shown()]);
    await screen.findByText("Uploaded");
    await userEvent.click(screen.getByRole("button", { name: "Remove photo" }));
    expect(shown()).toBe("/old.png");
    expect(objectUrls.size).toBe(0);
    await choose(picture());
    expect(objectUrls.size).toBe(1);
    unmount();
    expect(objectUrls.size).toBe(0);
  });

  test("takes images only, and keeps the old photo when another file comes", async () => {
    render(<AvatarUploader client={client} src="/old.png" validation={{ maxBytes: 60 }} />);
    drop([fileOf("huge.png", 61, "image/png")]);
    expect(reason()).toBe("Too large. The limit is 60 B.");
    expect(shown()).toBe("/old.png");
    drop([fileOf("cv.pdf", 10)]);
    expect(reason()).toBe("Not an accepted type. Use images.");
    expect(shown()).toBe("/old.png");
    await userEvent.click(screen.getByRole("button", { name: "Dismiss" }));
    expect(reason()).toBeUndefined();
    expect(app.calls).toHaveLength(0);
  });
});
