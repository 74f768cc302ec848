import { act, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { useToast } from "@/ui";
import { ToastProvider } from "@/ui/Toast";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

let show: ReturnType<typeof useToast>;
function Caller() {
  show = useToast();
  return null;
}
const start = () =>
  render(
    <ToastProvider>
      <Caller />
    </ToastProvider>,
  );
const texts = () => [...document.querySelectorAll(".toast .text")].map((text) => text.textContent);
const button = (name: string) => screen.getByRole("button", { name, hidden: true });

it("goes by itself after five seconds, but an error stays", () => {
  start();
  act(() => show("Saved"));
  act(() => show("Not saved", { tone: "error" }));
  act(() => vi.advanceTimersByTime(4900));
  expect(texts()).toEqual(["Saved", "Not saved"]);
  expect(screen.getByRole("status").textContent).toBe("Not saved");
  act(() => vi.advanceTimersByTime(200));
  expect(texts()).toEqual(["Not saved"]);
  fireEvent.click(button("Dismiss"));
  expect(texts()).toEqual([]);
});

it("is read out anew when it says the same as before", () => {
  start();
  const said = () => screen.getByRole("status").firstChild;
  act(() => show("File deleted"));
  const first = said();
  act(() => show("File deleted"));
  expect(said()?.textContent).toBe("File deleted");
  expect(said()).not.toBe(first);
});

it("stays while it is pointed at", () => {
  start();
  act(() => show("Saved"));
  fireEvent.pointerEnter(document.querySelector(".toast") as Element);
  act(() => vi.advanceTimersByTime(9000));
  expect(texts()).toEqual(["Saved"]);
});

it("keeps the last three", () => {
  start();
  for (const text of ["1", "2", "3", "4"]) act(() => show(text));
  expect(texts()).toEqual(["2", "3", "4"]);
});
