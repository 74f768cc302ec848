/** A real backend on loopback, a client for it, and the ways in which files come to a page. */
import { type PutFileOptions, ReuploadClient } from "@reupload/client";
import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect } from "vitest";
import { App } from "../../../client/tests/support/app.js";

export let app: App;
export let client: ReuploadClient;

/** What every test here polls with: the server's check takes no time. */
export const quick = { pollOptions: { intervalMs: 5 } };

export function withApp() {
  beforeEach(async () => {
    app = await App.start();
    client = new ReuploadClient({ apiUrl: app.apiUrl, retries: 0 });
  });
  afterEach(() => app.stop());
}

/** Sends everything but the bytes, whose progress the test says itself. */
export class HeldClient extends ReuploadClient {
  readonly puts: { readonly signal: AbortSignal | undefined; readonly onProgress: (loaded: number) => void }[] = [];

  override putFile(_url: string, _file: Blob, { signal, onProgress = () => {} }: PutFileOptions = {}): Promise<void> {
    this.puts.push({ signal, onProgress });
    return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
  }
}

export function fileOf(name: string, size = 100, type = "application/pdf"): File {
  return new File([new Uint8Array(size).fill(7)], name, { type });
}

export const group = () => screen.getByRole("group", { name: "File upload" });
export const live = () => within(group()).getByRole("status");
/** What the page itself says of the last drop, and of the first failed file. */
export const notice = () => document.querySelector(".reupload-notice")?.textContent;
export const reason = () => document.querySelector(".reupload-reason")?.textContent;
export const uploaded = (count: number) => waitFor(() => expect(screen.queryAllByText("Uploaded")).toHaveLength(count));
export const rows = () => screen.queryAllByRole("listitem");

export function input(): HTMLInputElement {
  const found = document.querySelector<HTMLInputElement>("input[type=file]");
  if (!found) throw new Error("no file input");
  return found;
}

/** As the browser's dialog does. `accept` is left to the component: a person can switch the dialog to all files. */
export async function choose(...files: File[]) {
  await userEvent.setup({ applyAccept: false }).upload(input(), files);
}

function transferOf(files: readonly File[], entries?: readonly object[]) {
  const items = files.map((file, index) => ({
    kind: "file",
    type: file.type,
    webkitGetAsEntry: () => entries?.[index] ?? null,
  }));
  return { files, items, types: ["Files"], dropEffect: "none" };
}

/** Returns whether the browser would still do what it does by itself: leave the page and show the file. */
export function drop(files: readonly File[], target: Element = group(), entries?: readonly object[]): boolean {
  return fireEvent.drop(target, { dataTransfer: transferOf(files, entries) });
}

export function dragOver(files: readonly File[], target: Element = group()): boolean {
  return fireEvent.dragOver(target, { dataTransfer: transferOf(files) });
}

export function paste(files: readonly File[], target: Element = group()): boolean {
  return fireEvent.paste(target, { clipboardData: transferOf(files) });
}

/** A file or a folder as a drop gives it. A folder gives its entries in portions of two, as a browser does of a hundred. */
export function entryOf(
  content: File | { readonly name: string; readonly entries: readonly object[] } | Error,
): object {
  if (content instanceof Error)
    return {
      name: "secret",
      isDirectory: true,
      createReader: () => ({ readEntries: (_: unknown, no: (error: Error) => void) => no(content) }),
    };
  if (content instanceof File)
    return { name: content.name, isFile: true, isDirectory: false, file: (yes: (file: File) => void) => yes(content) };
  return {
    name: content.name,
    isFile: false,
    isDirectory: true,
    createReader() {
      const rest = [...content.entries];
      return { readEntries: (yes: (entries: object[]) => void) => yes(rest.splice(0, 2)) };
    },
  };
}
