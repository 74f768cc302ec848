/** How files come in: dialog, drop and paste, by the same rules. */
import { render, screen, waitFor } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import { FileUploader } from "../src/index.js";
import { DROP_LIMIT } from "../src/transfer.js";
import {
  app,
  choose,
  client,
  dragOver,
  drop,
  entryOf,
  fileOf,
  group,
  input,
  live,
  notice,
  paste,
  quick,
  reason,
  rows,
  uploaded,
  withApp,
} from "./support/kit.js";

withApp();

const names = () => rows().map((row) => row.querySelector("[title]")?.getAttribute("title"));

describe.each([
  ["chosen", choose],
  ["dropped", async (...files: File[]) => void drop(files)],
  ["pasted", async (...files: File[]) => void paste(files)],
])("%s files", (_, bring) => {
  test("are refused in words, each for its own reason, and never sent", async () => {
    const onUploadError = vi.fn();
    render(
      <FileUploader
        client={client}
        accept="image/*, .pdf"
        validation={{ maxBytes: 1024, accept: ".exe" }}
        onUploadError={onUploadError}
      />,
    );
    await bring(fileOf("a.exe", 10, "application/x-msdownload"), fileOf("b.pdf", 1025), fileOf("c.pdf", 0));
    expect(rows().map((row) => row.querySelector(".reupload-reason")?.textContent)).toEqual([
      "Not an accepted type. Use images or PDF.",
      "Too large. The limit is 1 KB.",
      "The file is empty.",
    ]);
    expect(screen.queryByRole("button", { name: /^Retry/ })).toBeNull();
    expect(onUploadError.mock.calls.map(([error]) => error.code)).toEqual([
      "FILE_TYPE_NOT_ACCEPTED",
      "FILE_TOO_LARGE",
      "EMPTY_FILE",
    ]);
    await waitFor(() => expect(live().textContent).toBe("3 files failed."));
    expect(app.calls).toHaveLength(0);
  });

  test("of one name are separate", async () => {
    render(<FileUploader client={client} {...quick} />);
    await bring(fileOf("same.pdf"), fileOf("same.pdf"));
    await bring(fileOf("same.pdf"));
    await uploaded(3);
    expect(app.of("put")).toHaveLength(3);
  });
});

test("the dialog offers what is accepted, and the same file can be chosen twice", async () => {
  render(<FileUploader client={client} accept=".pdf" multiple={false} {...quick} />);
  expect(input()).toMatchObject({ accept: ".pdf", multiple: false, hidden: true });
  const click = vi.spyOn(input(), "click");
  screen.getByRole("button", { name: "Choose a file" }).click();
  expect(click).toHaveBeenCalledOnce();
  await choose(fileOf("a.pdf"));
  expect(input().value).toBe("");
});

describe("drop", () => {
  test("the area answers while files hang over it, and not for text", () => {
    render(<FileUploader client={client} />);
    expect(dragOver([fileOf("a.pdf")])).toBe(false);
    expect(screen.getByText("Release to add")).toBeTruthy();
    drop([]);
    expect(screen.queryByText("Release to add")).toBeNull();
    expect(drop([fileOf("a.pdf")], group(), [])).toBe(false);
  });

  test("takes the files inside folders, and not what systems leave there", async () => {
    render(<FileUploader client={client} immediateUpload={false} />);
    const inner = { name: "inner", entries: [entryOf(fileOf("d.pdf")), entryOf(fileOf(".DS_Store"))] };
    const folder = {
      name: "folder",
      entries: [entryOf(fileOf("a.pdf")), entryOf(fileOf("b.pdf")), entryOf(fileOf("c.pdf")), entryOf(inner)],
    };
    drop([fileOf("folder"), fileOf("e.pdf")], group(), [entryOf(folder), entryOf(fileOf("e.pdf"))]);
    await waitFor(() => expect(names()).toEqual(["a.pdf", "b.pdf", "c.pdf", "d.pdf", "e.pdf"]));
    expect(notice()).toBeUndefined();
  });

  test("says so when a folder cannot be read", async () => {
    render(<FileUploader client={client} immediateUpload={false} />);
    drop([fileOf("secret")], group(), [entryOf(new Error("denied"))]);
    await waitFor(() => expect(notice()).toBe("This browser cannot read folders. Open the folder and add its files."));
    await waitFor(() => expect(live().textContent).toBe(notice()));
    expect(rows()).toHaveLength(0);
  });

  test("of a folder that is read after the component has gone is forgotten", async () => {
    const onBeforeUpload = vi.fn();
    const { unmount } = render(<FileUploader client={client} onBeforeUpload={onBeforeUpload} />);
    drop([fileOf("folder")], group(), [entryOf({ name: "folder", entries: [entryOf(fileOf("a.pdf"))] })]);
    unmount();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(onBeforeUpload).not.toHaveBeenCalled();
  });

  test("stops at the limit, and says so", async () => {
    render(
      <FileUploader client={client} immediateUpload={false}>
        {({ items, notice: said }) => <p className="reupload-notice">{`${items.length}: ${said}`}</p>}
      </FileUploader>,
    );
    const many = Array.from({ length: DROP_LIMIT + 1 }, (_, at) => fileOf(`${at}.pdf`, 1));
    drop([fileOf("disk")], group(), [entryOf({ name: "disk", entries: many.map(entryOf) })]);
    await waitFor(() => expect(notice()).toBe("2000: A drop may hold at most 2000 files. The rest were left out."));
  });

  test("on an element that hands the same props on is taken once", async () => {
    render(
      <FileUploader client={client} immediateUpload={false}>
        {({ items, dropzoneProps, pasteProps }) => (
          <div data-testid="inner" {...dropzoneProps} {...pasteProps}>
            {items.length}
          </div>
        )}
      </FileUploader>,
    );
    drop([fileOf("a.pdf")], screen.getByTestId("inner"));
    paste([fileOf("b.pdf")], screen.getByTestId("inner"));
    expect(screen.getByTestId("inner").textContent).toBe("2");
  });
});

describe("paste", () => {
  const paste2 = (target: Element) => paste([fileOf("image.png", 10, "image/png")], target);

  test("into a text field inside stays the field's", () => {
    render(
      <FileUploader client={client}>
        {({ items }) => <textarea aria-label="note" defaultValue={String(items.length)} />}
      </FileUploader>,
    );
    expect(paste2(screen.getByLabelText("note"))).toBe(true);
  });

  test("elsewhere on the page is taken with paste=page only", async () => {
    const view = render(<FileUploader client={client} immediateUpload={false} />);
    expect(paste2(document.body)).toBe(true);
    view.rerender(<FileUploader client={client} immediateUpload={false} paste="page" />);
    expect(paste2(document.body)).toBe(false);
    expect(paste2(group())).toBe(false);
    await waitFor(() => expect(rows()).toHaveLength(2));
    view.rerender(<FileUploader client={client} immediateUpload={false} paste={false} />);
    expect(paste2(group())).toBe(true);
    expect(paste2(document.body)).toBe(true);
    view.rerender(<FileUploader client={client} immediateUpload={false} paste="page" disabled />);
    expect(paste2(document.body)).toBe(true);
    expect(rows()).toHaveLength(2);
  });
});

test("onBeforeUpload can leave a file out, or put another in its place", async () => {
  const onBeforeUpload = (file: File) =>
    file.name === "no.pdf" ? false : new File([file], "renamed.pdf", { type: file.type });
  render(<FileUploader client={client} onBeforeUpload={onBeforeUpload} {...quick} />);
  await choose(fileOf("no.pdf"), fileOf("yes.pdf"));
  await screen.findByText("Uploaded");
  expect(names()).toEqual(["renamed.pdf"]);
  expect(app.of("prepare").map(({ json }) => json.filename)).toEqual(["renamed.pdf"]);
  expect(reason()).toBeUndefined();
});
