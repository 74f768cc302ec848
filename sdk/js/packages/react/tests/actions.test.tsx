/** Cancel, retry, remove: what they do, where the focus goes, and what is said of it. */
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { StrictMode } from "react";
import { expect, test, vi } from "vitest";
import { hang, refusing } from "../../client/tests/support/app.js";
import { FileUploader } from "../src/index.js";
import { app, choose, client, fileOf, live, quick, reason, rows, uploaded, withApp } from "./support/kit.js";
import { objectUrls } from "./support/setup.js";

withApp();

const focused = () => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent;

test("a cancelled file can be tried again, by keyboard alone", async () => {
  const onUploadComplete = vi.fn();
  const onUploadError = vi.fn();
  app.once("put", hang);
  render(<FileUploader client={client} onUploadComplete={onUploadComplete} onUploadError={onUploadError} {...quick} />);
  await choose(fileOf("a.pdf"));
  await waitFor(() => expect(app.of("put")).toHaveLength(1));
  screen.getByRole("button", { name: "Cancel a.pdf" }).focus();
  await userEvent.keyboard("{Enter}");
  expect(screen.getByText("Cancelled")).toBeTruthy();
  await waitFor(() => expect(focused()).toBe("Retry a.pdf"));
  await waitFor(() => expect(app.of("cancel")).toHaveLength(1));
  await userEvent.keyboard("{Enter}");
  await screen.findByText("Uploaded");
  await waitFor(() => expect(focused()).toContain("Uploaded"));
  await userEvent.tab();
  expect(focused()).toBe("Remove a.pdf");
  expect(onUploadComplete).toHaveBeenCalledOnce();
  expect(onUploadError).not.toHaveBeenCalled();
});

test("a failed file says why, and can be tried again", async () => {
  const onUploadError = vi.fn();
  app.once("prepare", refusing(403, "QUOTA_EXCEEDED"));
  render(<FileUploader client={client} onUploadError={onUploadError} {...quick} />);
  await choose(fileOf("a.pdf"));
  await screen.findByText("Failed");
  expect(reason()).toBe("It is QUOTA_EXCEEDED.");
  expect(onUploadError.mock.lastCall?.[0]).toMatchObject({ code: "QUOTA_EXCEEDED", status: 403 });
  await waitFor(() => expect(live().textContent).toBe("a.pdf: It is QUOTA_EXCEEDED."));
  await userEvent.click(screen.getByRole("button", { name: "Retry a.pdf" }));
  await screen.findByText("Uploaded");
  expect(reason()).toBeUndefined();
});

test("all that failed can be tried again at once", async () => {
  app.once("prepare", refusing(500, "INTERNAL_ERROR"), refusing(500, "INTERNAL_ERROR"));
  render(<FileUploader client={client} {...quick} />);
  await choose(fileOf("a.pdf"), fileOf("b.pdf"), fileOf("c.pdf"));
  await userEvent.click(await screen.findByRole("button", { name: "Retry failed" }));
  await uploaded(3);
  await userEvent.click(screen.getByRole("button", { name: "Clear list" }));
  expect(rows()).toHaveLength(0);
  await waitFor(() => expect(focused()).toBe("Choose files"));
});

test("after a removal the focus goes to the next row, then to the one before, then to the main button", async () => {
  render(<FileUploader client={client} immediateUpload={false} />);
  await choose(fileOf("a.pdf"), fileOf("b.pdf"), fileOf("c.pdf"));
  screen.getByRole("button", { name: "Remove b.pdf" }).focus();
  await userEvent.keyboard("{Enter}");
  await waitFor(() => expect(focused()).toBe("Remove c.pdf"));
  await userEvent.keyboard("{Enter}");
  await waitFor(() => expect(focused()).toBe("Remove a.pdf"));
  await userEvent.keyboard("{Enter}");
  await waitFor(() => expect(focused()).toBe("Choose files"));
});

test("a list that stands follows its disabled state and its texts", async () => {
  const { rerender } = render(<FileUploader client={client} immediateUpload={false} />);
  await choose(fileOf("a.pdf"));
  const remove = (name: string) => screen.getByRole<HTMLButtonElement>("button", { name });
  rerender(<FileUploader client={client} immediateUpload={false} disabled />);
  expect(remove("Remove a.pdf").disabled).toBe(true);
  rerender(<FileUploader client={client} immediateUpload={false} labels={{ remove: (name) => `${name} weg` }} />);
  expect(remove("a.pdf weg").disabled).toBe(false);
});

test("the focus is not taken from a person who has left", async () => {
  const view = (files: boolean) => (
    <>
      <input aria-label="elsewhere" />
      <FileUploader client={client} immediateUpload={false}>
        {({ items, reset }) =>
          files
            ? items.map(({ id }) => (
                <button key={id} type="button" onClick={reset}>
                  x
                </button>
              ))
            : null
        }
      </FileUploader>
    </>
  );
  const { rerender } = render(view(true));
  await choose(fileOf("a.pdf"));
  screen.getByRole("button", { name: "x" }).focus();
  (document.activeElement as HTMLElement).blur();
  rerender(view(false));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(document.activeElement).toBe(document.body);
});

test("the live region speaks at the start and at the end, and never of percents", async () => {
  const said: string[] = [];
  render(<FileUploader client={client} validation={{ maxBytes: 1000 }} {...quick} />);
  const watch = new MutationObserver(() => said.push(live().textContent ?? ""));
  watch.observe(live(), { childList: true, characterData: true, subtree: true });
  await choose(fileOf("a.pdf"), fileOf("b.pdf"), fileOf("c.pdf", 1001));
  await uploaded(2);
  await waitFor(() =>
    expect(said).toEqual(["Uploading 2 files. c.pdf: Too large. The limit is 1000 B.", "2 files uploaded."]),
  );
  await choose(fileOf("d.pdf", 1001));
  await choose(fileOf("d.pdf", 1001));
  // The same words again are another text, or a screen reader would stay silent.
  await waitFor(() => expect(said).toHaveLength(4));
  expect(said[3]?.trim()).toBe(said[2]?.trim());
  watch.disconnect();
});

test("unmounting aborts, tells the backend, and frees the previews", async () => {
  app.once("put", hang);
  const onUploadError = vi.fn();
  const { unmount } = render(
    <StrictMode>
      <FileUploader client={client} onUploadError={onUploadError} />
    </StrictMode>,
  );
  await choose(fileOf("a.png", 10, "image/png"));
  await waitFor(() => expect(app.of("put")).toHaveLength(1));
  expect(objectUrls.size).toBe(1);
  unmount();
  expect(objectUrls.size).toBe(0);
  await waitFor(() => expect(app.of("cancel").map(({ json }) => json)).toEqual([{ uploadId: "u1" }]));
  expect(onUploadError).not.toHaveBeenCalled();
});

test("without poll a file ends at the check, and is not called complete", async () => {
  const onUploadComplete = vi.fn();
  render(<FileUploader client={client} poll={false} onUploadComplete={onUploadComplete} />);
  await choose(fileOf("a.pdf"));
  await screen.findByText("Checking");
  await waitFor(() => expect(live().textContent).toBe("1 file uploaded."));
  await userEvent.click(screen.getByRole("button", { name: "Remove a.pdf" }));
  expect(rows()).toHaveLength(0);
  expect(onUploadComplete).not.toHaveBeenCalled();
  expect(app.of("status")).toHaveLength(0);
});
